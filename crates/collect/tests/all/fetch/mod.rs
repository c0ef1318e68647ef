//! What is fetched, over real sockets on loopback.

mod bench;
mod causes;
mod directory;
mod misp;
mod redirects;
mod retries;
mod secrets;
mod taxii;
mod tls;
mod url;

//! What is fetched, over real sockets on loopback.

mod causes;
mod redirects;
mod retries;
mod secrets;
mod tls;

//! Why a text is no prefix, or a prefix is not admitted.

/// The causes of refusal, each with a stable [id](Refusal::id) for counts, tables and JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Refusal {
    /// Neither address, prefix nor range.
    #[error("not an IP address")]
    NotAnAddress,
    /// A host or domain name.
    #[error("a name, not an address: names change what they point to")]
    Name,
    /// A URL.
    #[error("a URL, not an address")]
    Url,
    /// An IPv4 address of fewer than four parts, as in `1.2.3`: programs disagree on what that means.
    #[error("an IPv4 address has four parts")]
    Short,
    /// A part over 255.
    #[error("a part of the address is over 255")]
    Octet,
    /// A leading zero, which some programs read as octal.
    #[error("a leading zero, which some programs read as octal")]
    LeadingZero,
    /// Hexadecimal or single-number form.
    #[error("a hexadecimal or decimal form of an address")]
    Form,
    /// An address with a port.
    #[error("an address with a port")]
    Port,
    /// An IPv6 address with a zone id (`%eth0`), which means something on one machine only.
    #[error("an address with a zone id")]
    Zone,
    /// A prefix length that is no plain number up to 32 or 128; a netmask too.
    #[error("not a prefix length")]
    Length,
    /// A range whose ends are of two families.
    #[error("a range from one family to the other")]
    RangeFamily,
    /// A range that ends before it begins.
    #[error("a range that ends before it begins")]
    RangeOrder,
    /// Special space, or a prefix that holds some of it.
    #[error("holds special space (private, loopback, multicast or the like)")]
    Special,
    /// Shorter than /8, or for IPv6 /19.
    #[error("wider than /8, or for IPv6 than /19")]
    TooWide,
    /// A line longer than any address with a comment.
    #[error("a line longer than 64 KiB")]
    LongLine,
    /// Bytes that are no text.
    #[error("not text")]
    NotText,
}

impl Refusal {
    /// Every cause, in the order of declaration.
    pub const ALL: [Self; 16] = [
        Self::NotAnAddress,
        Self::Name,
        Self::Url,
        Self::Short,
        Self::Octet,
        Self::LeadingZero,
        Self::Form,
        Self::Port,
        Self::Zone,
        Self::Length,
        Self::RangeFamily,
        Self::RangeOrder,
        Self::Special,
        Self::TooWide,
        Self::LongLine,
        Self::NotText,
    ];

    /// The cause's name in tables and JSON; never changes once published.
    pub const fn id(self) -> &'static str {
        match self {
            Self::NotAnAddress => "not_an_address",
            Self::Name => "name",
            Self::Url => "url",
            Self::Short => "short_form",
            Self::Octet => "octet_over_255",
            Self::LeadingZero => "leading_zero",
            Self::Form => "hex_or_decimal_form",
            Self::Port => "port",
            Self::Zone => "zone_id",
            Self::Length => "prefix_length",
            Self::RangeFamily => "range_of_two_families",
            Self::RangeOrder => "range_backwards",
            Self::Special => "special_space",
            Self::TooWide => "too_wide",
            Self::LongLine => "line_too_long",
            Self::NotText => "not_text",
        }
    }
}

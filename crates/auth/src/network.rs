//! From which addresses people and programs may work. The server asks [`allowed`] once, before anything else.

use engine::Company;
use kernel::Issue;
use std::net::IpAddr;

/// A block of addresses: `203.0.113.0/24`, `2001:db8::/32`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    net: u128,
    bits: u32,
    v4: bool,
}

impl Block {
    pub fn parse(text: &str) -> Option<Block> {
        let (ip, bits) = match text.trim().split_once('/') {
            Some((ip, bits)) => (ip, Some(bits.parse::<u32>().ok()?)),
            None => (text.trim(), None),
        };
        let (value, v4) = number(ip.parse().ok()?);
        let width = if v4 { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        (bits <= width).then(|| Block { net: value & mask(bits, width), bits, v4 })
    }

    pub fn has(self, ip: IpAddr) -> bool {
        let (value, v4) = number(ip.to_canonical());
        v4 == self.v4 && value & mask(self.bits, if v4 { 32 } else { 128 }) == self.net
    }
}

fn number(ip: IpAddr) -> (u128, bool) {
    match ip {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)), true),
        IpAddr::V6(v6) => (u128::from(v6), false),
    }
}

fn mask(bits: u32, width: u32) -> u128 {
    if bits == 0 { 0 } else { u128::MAX.checked_shl(width - bits).unwrap_or_default() & if width == 32 { 0xffff_ffff } else { u128::MAX } }
}

/// Whether requests from here are taken. Where the server does not know the address (a test, a socket), only an open
/// company takes them.
pub fn allowed(company: &Company, ip: &str) -> bool {
    let settings = company.settings();
    let from = &settings.sign_in.from;
    if from.is_empty() {
        return true;
    }
    let Ok(ip) = ip.parse::<IpAddr>() else { return false };
    from.iter().filter_map(|b| Block::parse(b)).any(|b| b.has(ip))
}

/// What is wrong with a new list: a line that is no block, or a list that shuts out whoever saves it.
pub fn check(list: &[String], ip: &str) -> Vec<Issue> {
    let mut issues: Vec<Issue> =
        list.iter().filter(|b| Block::parse(b).is_none()).map(|b| Issue::new("from", "auth-bad-block").arg("name", b)).collect();
    if issues.is_empty() && !list.is_empty() {
        let inside = ip.parse::<IpAddr>().is_ok_and(|ip| list.iter().filter_map(|b| Block::parse(b)).any(|b| b.has(ip)));
        if !inside {
            issues.push(Issue::new("from", "auth-shuts-you-out").arg("name", ip));
        }
    }
    issues
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks() {
        for (block, ip, inside) in [
            ("203.0.113.0/24", "203.0.113.9", true),
            ("203.0.113.77/24", "203.0.113.9", true),
            ("203.0.113.0/24", "203.0.114.9", false),
            ("203.0.113.7", "203.0.113.7", true),
            ("203.0.113.7", "203.0.113.8", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::/0", "2001:db9::1", true),
            ("203.0.113.0/24", "::ffff:203.0.113.9", true),
        ] {
            assert_eq!(Block::parse(block).unwrap().has(ip.parse().unwrap()), inside, "{block} {ip}");
        }
        for bad in ["", "x", "203.0.113.0/33", "2001:db8::/129", "203.0.113.0/-1", "203.0.113"] {
            assert_eq!(Block::parse(bad), None, "{bad}");
        }
        let list = ["203.0.113.0/24".to_owned()];
        assert!(check(&list, "203.0.113.1").is_empty());
        assert_eq!(check(&list, "198.51.100.1")[0].key, "auth-shuts-you-out");
        assert_eq!(check(&["س".to_owned()], "203.0.113.1")[0].key, "auth-bad-block");
    }
}

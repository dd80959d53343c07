//! Outgoing addresses: what somebody types as an address must not be a way into our own network.

use crate::Url;
use kernel::{Fault, Outcome};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// # Errors
/// Invalid (`url`): not http or https, no host, or a user in it.
pub fn parse(url: &str) -> Outcome<Url> {
    let bad = || Fault::invalid("url", "outside-bad-url");
    let url = Url::parse(url).map_err(|_| bad())?;
    let plain = url.username().is_empty() && url.password().is_none() && url.host_str().is_some_and(|h| !h.is_empty());
    if matches!(url.scheme(), "http" | "https") && plain && url.as_str().len() <= 2_000 { Ok(url) } else { Err(bad()) }
}

/// The addresses of the host, all of which may be called. The caller connects to these and resolves no second time,
/// so a name that answers differently then (DNS rebinding) gains nothing.
///
/// # Errors
/// Invalid (`url`): one of them lies inside. Unavailable: the name does not resolve.
pub async fn resolve(url: &Url, inside: bool) -> Outcome<Vec<SocketAddr>> {
    resolve_host(url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443), inside).await
}

/// The same for a host without a URL (mail servers, directories).
///
/// # Errors
/// As [`resolve`].
pub async fn resolve_host(host: &str, port: u16, inside: bool) -> Outcome<Vec<SocketAddr>> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found: Vec<SocketAddr> = if let Ok(ip) = bare.parse::<IpAddr>() {
        vec![SocketAddr::new(ip, port)]
    } else {
        let lookup = tokio::time::timeout(Duration::from_secs(5), tokio::net::lookup_host((host, port)));
        let answers = lookup.await.map_err(|_| Fault::unavailable("the name was not resolved in time"))?;
        answers.map_err(|_| Fault::unavailable("the name does not resolve"))?.collect()
    };
    if found.is_empty() {
        return Err(Fault::unavailable("the name does not resolve"));
    }
    if !inside && found.iter().any(|a| !public(a.ip())) {
        return Err(Fault { detail: "the address lies inside the network".into(), ..Fault::invalid("url", "outside-inside") });
    }
    Ok(found)
}

/// An address of the open internet.
pub fn public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => public_v4(v4),
        IpAddr::V6(v6) => public_v6(v6),
    }
}

fn public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || ip.is_unspecified();
    // This network, shared carrier space, protocol assignments, 6to4 relays, benchmarks, reserved.
    let more = a == 0 || (a == 100 && (64..128).contains(&b)) || (a == 192 && b == 0 && c == 0) || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b)) || a >= 240;
    !special && !more
}

fn public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    // Addresses that carry a v4 address are as public as that one: mapped, compatible, NAT64, 6to4.
    if let [0, 0, 0, 0, 0, 0 | 0xffff] = [a, b, c, d, e, f] {
        return public_v4(Ipv4Addr::from((u32::from(g) << 16) | u32::from(h)));
    }
    if (a, b) == (0x64, 0xff9b) {
        return public_v4(Ipv4Addr::from((u32::from(g) << 16) | u32::from(h)));
    }
    if a == 0x2002 {
        return public_v4(Ipv4Addr::from((u32::from(b) << 16) | u32::from(c)));
    }
    // Global unicast only, without documentation and Teredo.
    (a & 0xe000) == 0x2000 && !(a == 0x2001 && (b == 0 || b == 0xdb8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_and_outside() {
        for inside in [
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "198.18.0.1", "224.0.0.1",
            "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd12::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
            "2002:7f00:1::", "2001:db8::1", "ff02::1", "::7f00:1",
        ] {
            assert!(!public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"] {
            assert!(public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[tokio::test]
    async fn literal_addresses_are_looked_at_too() {
        for url in ["http://127.0.0.1:9/x", "http://[::1]/", "http://0x7f.1/", "http://2130706433/", "http://localhost/"] {
            let url = parse(url).unwrap();
            assert!(resolve(&url, false).await.is_err(), "{url}");
        }
        assert!(resolve(&parse("http://127.0.0.1:9/").unwrap(), true).await.is_ok());
        for bad in ["ftp://example.com/", "https://user:pw@example.com/", "file:///etc/passwd", "example.com", "javascript:alert(1)"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}

package outbound

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// ErrForbiddenAddress is the cause when a customer-given URL leads where the guard does not let it.
var ErrForbiddenAddress = errors.New("the address is not allowed")

// Guard is what customer-given URLs may reach.
type Guard struct {
	Ports         []uint16 // 443 when empty
	AllowLoopback bool     // for development and tests: plain http and any port on loopback addresses
}

// Guarded makes a client for URLs that a customer has given: public addresses only, checked when the connection is made
// (so that a name which changes its mind is caught), https only, no proxy, no redirects.
func Guarded(o Options, g Guard) (*Client, error) {
	if len(g.Ports) == 0 {
		g.Ports = []uint16{443}
	}
	t := plainTransport()
	t.Proxy = nil
	t.DialContext = (&net.Dialer{Timeout: 5 * time.Second, ControlContext: g.control}).DialContext
	o.Transport = &guardedTransport{guard: g, next: t}
	return New(o)
}

type guardedTransport struct {
	guard Guard
	next  http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t *guardedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != "https" && !(req.URL.Scheme == "http" && t.guard.AllowLoopback && isLoopback(req.URL.Hostname())) {
		return nil, fmt.Errorf("%w: only https", ErrForbiddenAddress)
	}
	return t.next.RoundTrip(req)
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

// control runs after the name was resolved and before the connection is made.
func (g Guard) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("%w: not a TCP address", ErrForbiddenAddress)
	}
	addr := target.Addr().Unmap()
	if g.AllowLoopback && addr.IsLoopback() {
		return nil
	}
	if !isPublic(addr) {
		return fmt.Errorf("%w: not a public one", ErrForbiddenAddress)
	}
	if !slices.Contains(g.Ports, target.Port()) {
		return fmt.Errorf("%w: port", ErrForbiddenAddress)
	}
	return nil
}

// isPublic follows the IANA special-purpose registries (RFC 6890 and successors). netip's own predicates let several of
// these through. Of IPv6 only the global unicast block 2000::/3 is considered at all.
func isPublic(addr netip.Addr) bool {
	if addr.Zone() != "" {
		return false
	}
	if addr.Is6() && !netip.MustParsePrefix("2000::/3").Contains(addr) {
		return false
	}
	return !slices.ContainsFunc(special(), func(p netip.Prefix) bool { return p.Contains(addr) })
}

func special() []netip.Prefix {
	texts := [...]string{
		"0.0.0.0/8",       // this network
		"10.0.0.0/8",      // private
		"100.64.0.0/10",   // carrier-grade NAT
		"127.0.0.0/8",     // loopback
		"169.254.0.0/16",  // link-local, cloud metadata
		"172.16.0.0/12",   // private
		"192.0.0.0/24",    // protocol assignments
		"192.0.2.0/24",    // documentation
		"192.88.99.0/24",  // 6to4 relays
		"192.168.0.0/16",  // private
		"198.18.0.0/15",   // benchmarks
		"198.51.100.0/24", // documentation
		"203.0.113.0/24",  // documentation
		"224.0.0.0/4",     // multicast
		"240.0.0.0/4",     // reserved, broadcast
		"2001::/23",       // protocol assignments, Teredo
		"2001:db8::/32",   // documentation
		"2002::/16",       // 6to4: carries any IPv4 address
		"3fff::/20",       // documentation
	}
	prefixes := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		prefixes[i] = netip.MustParsePrefix(t)
	}
	return prefixes
}

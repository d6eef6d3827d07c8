package httpserver

import (
	"context"
	"math"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Guard keeps addresses out that guess credentials.
type Guard interface {
	// Wait returns for how long the address is kept out, 0 when it is not. It is asked before every operation.
	Wait(addr netip.Addr) time.Duration
	// Fail counts a wrong credential or signature that the address has shown.
	Fail(ctx context.Context, addr netip.Addr)
}

// Limiter bounds how often a caller calls.
type Limiter interface {
	// Take counts a call and returns how long the caller has to wait, 0 when it need not.
	Take(ctx context.Context, caller string) time.Duration
}

// SignIns bounds how often an address tries to sign in.
type SignIns interface {
	// Take counts an attempt and returns how long the address has to wait, 0 when it need not. An error says that it could
	// not be counted.
	Take(ctx context.Context, subject string) (time.Duration, error)
}

// BoundSignIns is for routes on which somebody signs in. They close while attempts cannot be counted.
func BoundSignIns(attempts SignIns) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			wait, err := attempts.Take(c.Request().Context(), c.RealIP())
			if err != nil {
				return fault.Wrap(fault.Unavailable, fault.UnavailableCode, err)
			}
			if err := tooMany(wait); err != nil {
				return err
			}
			return next(c)
		}
	}
}

// addressesOf tells a request's address: the connection's, or what trusted proxies say in X-Forwarded-For. Anybody else may
// write what they like there.
func addressesOf(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		p = p.Masked()
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// address is where a request comes from, invalid when that cannot be read.
func address(c echo.Context) netip.Addr {
	addr, _ := netip.ParseAddr(c.RealIP())
	return addr
}

// turnAway refuses those who have guessed too often. What takes no credential is open to them.
func (a *API) turnAway(c echo.Context, spec Spec) error {
	if a.opts.Guard == nil || spec.Credential == Public {
		return nil
	}
	return tooMany(a.opts.Guard.Wait(address(c)))
}

// noteGuess counts the wrong credential, or the wrong signature, that made an operation refuse.
func (a *API) noteGuess(c echo.Context, spec Spec, cred Credentials, err error) {
	if a.opts.Guard == nil {
		return
	}
	refused := fault.KindOf(err) == fault.Unauthenticated || c.Response().Status == statuses[fault.Unauthenticated]
	if refused && (cred.isShown() || spec.Credential == Signed) {
		a.opts.Guard.Fail(c.Request().Context(), address(c))
	}
}

// isShown reports whether there is any credential at all: who shows none does not guess.
func (c Credentials) isShown() bool {
	return c.Bearer != "" || c.APIKey != "" || c.SchedulerSecret != ""
}

// spend counts the call against its caller's limit.
func (a *API) spend(ctx context.Context, p kernel.Principal) error {
	if a.opts.Limiter == nil || p.Workspace == "" {
		return nil
	}
	return tooMany(a.opts.Limiter.Take(ctx, p.Workspace.String()+"/"+p.Rep.String()))
}

// tooMany is the answer to who has to wait.
func tooMany(wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	return fault.New(fault.RateLimited, fault.RateLimitedCode).With("retryAfter", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
}

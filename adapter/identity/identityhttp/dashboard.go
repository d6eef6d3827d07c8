package identityhttp

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

// Where the dashboard is, and the way into it.
const (
	DashboardPath = "/ops/queues"
	loginPath     = "/ops/login"
	cookiePath    = "/ops"
	cookieName    = "tertulia_ops"
)

// LoginURL is the one-time link that a token of CreateAdminLink makes, below the server's public URL.
func LoginURL(publicURL, token string) string {
	return strings.TrimRight(publicURL, "/") + loginPath + "?token=" + url.QueryEscape(token)
}

// RegisterLogin serves the one-time link: GET /ops/login?token= turns it into a session's cookie and leads on to the
// dashboard. signIns bounds the attempts; secure keeps the cookie off plain HTTP, and is set where the public URL is https.
func RegisterLogin(e *echo.Echo, uc *identityuc.RedeemAdminLink, signIns httpserver.SignIns, secure bool) {
	e.GET(loginPath, func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer") // the token is in the address
		session, err := uc.Execute(c.Request().Context(), c.QueryParam("token"))
		if err != nil {
			return err
		}
		c.SetCookie(&http.Cookie{
			Name: cookieName, Value: session, Path: cookiePath, MaxAge: int(identity.SessionLifetime / time.Second),
			HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: secure,
		})
		return c.Redirect(http.StatusSeeOther, DashboardPath)
	}, httpserver.BoundSignIns(signIns))
}

// RequireAdminSession lets in whoever has a session of RegisterLogin. The cookie goes to no other site's requests, so
// that none can act in the administrator's name.
func RequireAdminSession(uc *identityuc.AuthenticateAdmin) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			cookie, err := c.Cookie(cookieName)
			if err != nil {
				return fault.New(fault.Unauthenticated, fault.Unauthorized)
			}
			if _, err := uc.Execute(c.Request().Context(), cookie.Value); err != nil {
				return err
			}
			return next(c)
		}
	}
}

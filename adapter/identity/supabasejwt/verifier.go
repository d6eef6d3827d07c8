// Package supabasejwt knows the access tokens of Supabase Auth.
package supabasejwt

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/time/rate"

	"github.com/tertulia-dev/tertulia/domain/fault"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

const (
	audience = "authenticated" // of a signed-in user's token; anonymous and service tokens have others
	leeway   = 5 * time.Second // between our clock and Supabase's

	// Supabase lets its key set be cached for ten minutes. An unknown key ID fetches it anew, but not for everybody who
	// makes one up.
	refreshEvery  = 10 * time.Minute
	unknownKeyGap = 30 * time.Second
	fetchWithin   = 5 * time.Second
)

// Config says which tokens are accepted. With neither secret nor URL none is.
type Config struct {
	Secret  string       // shared secret of HS256 tokens; "" accepts none of these
	JWKSURL string       // public keys of ES256 and RS256 tokens; "" accepts none of these
	Client  *http.Client // fetches the keys; http.DefaultClient
	Now     func() time.Time
}

// JWKSURL returns where a Supabase project publishes its keys.
func JWKSURL(projectURL string) (string, error) {
	joined, err := url.JoinPath(projectURL, "auth/v1/.well-known/jwks.json")
	if err != nil {
		return "", fmt.Errorf("make the key set's URL: %w", err)
	}
	return joined, nil
}

var _ identityuc.TokenVerifier = (*Verifier)(nil)

// Verifier implements identityuc.TokenVerifier. The algorithm belongs to the key, never to the token: a token that
// claims HS256 is held against the secret only, any other against the public keys only.
type Verifier struct {
	secret  []byte
	parser  *jwt.Parser
	keys    func() (keyfunc.Keyfunc, error) // fetched when first needed; nil accepts no public key
	fetched *outcome
}

// New makes a verifier. It refreshes the keys in the background until ctx ends.
func New(ctx context.Context, cfg Config) (*Verifier, error) {
	v := &Verifier{secret: []byte(cfg.Secret)}
	var methods []string
	if cfg.Secret != "" {
		methods = append(methods, jwt.SigningMethodHS256.Alg())
	}
	if cfg.JWKSURL != "" {
		if _, err := url.ParseRequestURI(cfg.JWKSURL); err != nil {
			return nil, errors.New("make token verifier: the key set's URL is malformed")
		}
		methods = append(methods, jwt.SigningMethodES256.Alg(), jwt.SigningMethodRS256.Alg())
		v.fetched = &outcome{next: transportOf(cfg.Client)}
		v.keys = sync.OnceValues(func() (keyfunc.Keyfunc, error) { return fetchKeys(ctx, cfg.JWKSURL, v.fetched) })
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	v.parser = jwt.NewParser(
		jwt.WithValidMethods(methods), jwt.WithAudience(audience), jwt.WithExpirationRequired(),
		jwt.WithLeeway(leeway), jwt.WithTimeFunc(cfg.Now),
	)
	if len(methods) == 0 {
		v.parser = nil
	}
	return v, nil
}

// claims are those of Supabase Auth that count here. user_metadata is the user's own to write: it gives a name, and can
// only take away trust in the e-mail, never add to it.
type claims struct {
	jwt.RegisteredClaims

	Email         string `json:"email"`
	EmailVerified *bool  `json:"email_verified"`
	IsAnonymous   bool   `json:"is_anonymous"`
	ClientID      string `json:"client_id"` // of a third party's application, to which the user gave some rights only
	UserMetadata  struct {
		FullName      string `json:"full_name"`
		Name          string `json:"name"`
		EmailVerified *bool  `json:"email_verified"`
	} `json:"user_metadata"`
}

// Verify implements identityuc.TokenVerifier.
func (v *Verifier) Verify(ctx context.Context, token string) (identityuc.Claims, error) {
	if v.parser == nil {
		return identityuc.Claims{}, refused(errors.New("no kind of token is accepted"))
	}
	var c claims
	_, err := v.parser.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) { return v.keyOf(ctx, t) })
	switch {
	case errors.Is(err, errNoKeys):
		return identityuc.Claims{}, fault.Wrap(fault.Unavailable, fault.UnavailableCode, errNoKeys)
	case err != nil:
		return identityuc.Claims{}, refused(reason(err))
	case c.IsAnonymous || c.ClientID != "" || c.Email == "" || isFalse(c.EmailVerified) || isFalse(c.UserMetadata.EmailVerified):
		return identityuc.Claims{}, refused(errors.New("not a person with a proven e-mail"))
	}
	name := c.UserMetadata.FullName
	if name == "" {
		name = c.UserMetadata.Name
	}
	return identityuc.Claims{Email: c.Email, Name: name}, nil
}

// errNoKeys means that the token may be good: the key set that would tell could not be fetched.
var errNoKeys = errors.New("the key set is out of reach")

// keyOf returns the key that the token has to be signed with.
func (v *Verifier) keyOf(ctx context.Context, t *jwt.Token) (any, error) {
	if t.Method.Alg() == jwt.SigningMethodHS256.Alg() {
		return v.secret, nil
	}
	if id, _ := t.Header["kid"].(string); id == "" {
		return nil, errors.New("token names no key")
	}
	keys, err := v.keys()
	if err != nil {
		return nil, errNoKeys
	}
	key, err := keys.KeyfuncCtx(ctx)(t)
	if err != nil && v.fetched.failed.Load() {
		return nil, errNoKeys
	}
	return key, err
}

func fetchKeys(ctx context.Context, from string, via *outcome) (keyfunc.Keyfunc, error) {
	return keyfunc.NewDefaultOverrideCtx(ctx, []string{from}, keyfunc.Override{
		Client:                  &http.Client{Transport: via, Timeout: fetchWithin},
		HTTPTimeout:             fetchWithin,
		RefreshInterval:         refreshEvery,
		RefreshUnknownKID:       rate.NewLimiter(rate.Every(unknownKeyGap), 1),
		RateLimitWaitMax:        fetchWithin,
		RefreshErrorHandlerFunc: func(string) func(context.Context, error) { return func(context.Context, error) {} },
	})
}

// outcome notes whether the last fetch failed.
type outcome struct {
	next   http.RoundTripper
	failed atomic.Bool
}

// RoundTrip implements http.RoundTripper.
func (o *outcome) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := o.next.RoundTrip(r)
	o.failed.Store(err != nil || res.StatusCode != http.StatusOK)
	return res, err
}

func transportOf(c *http.Client) http.RoundTripper {
	if c == nil || c.Transport == nil {
		return http.DefaultTransport
	}
	return c.Transport
}

func isFalse(b *bool) bool { return b != nil && !*b }

// refused keeps the reason for the log; the caller hears no more than that the token is not good.
func refused(why error) error { return fault.Wrap(fault.Unauthenticated, fault.Unauthorized, why) }

// reason keeps of a parser's error what is no part of the token.
func reason(err error) error {
	for _, known := range []error{
		jwt.ErrTokenExpired, jwt.ErrTokenNotValidYet, jwt.ErrTokenInvalidAudience, jwt.ErrTokenSignatureInvalid,
		jwt.ErrTokenRequiredClaimMissing, jwt.ErrTokenMalformed, jwt.ErrTokenUnverifiable,
	} {
		if errors.Is(err, known) {
			return known
		}
	}
	return errors.New("token is not valid")
}

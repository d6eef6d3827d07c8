package supabasejwt_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/identity/supabasejwt"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

const secret = "a secret of at least thirty-two bytes"

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// project is a Supabase project: its keys, and the route that publishes them.
type project struct {
	ec      *ecdsa.PrivateKey
	rsa     *rsa.PrivateKey
	url     string
	fetches atomic.Int32
	down    atomic.Bool

	mu   sync.Mutex
	keys []map[string]string
}

var newRSA = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newProject(t *testing.T) *project {
	t.Helper()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	rs, err := newRSA()
	require.NoError(t, err)
	p := &project{ec: ec, rsa: rs}
	p.publish(ecJWK(t, "ec", &ec.PublicKey), map[string]string{
		"kty": "RSA", "kid": "rsa", "alg": "RS256", "use": "sig", "n": b64(rs.N.Bytes()), "e": "AQAB",
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.fetches.Add(1)
		if p.down.Load() || r.URL.Path != "/supabase/auth/v1/.well-known/jwks.json" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if err := json.NewEncoder(w).Encode(map[string]any{"keys": p.keys}); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	p.url, err = supabasejwt.JWKSURL(server.URL + "/supabase/")
	require.NoError(t, err)
	return p
}

func (p *project) publish(keys ...map[string]string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = keys
}

func ecJWK(t *testing.T, kid string, key *ecdsa.PublicKey) map[string]string {
	t.Helper()
	point, err := key.Bytes() // 0x04, x, y
	require.NoError(t, err)
	return map[string]string{
		"kty": "EC", "kid": kid, "alg": "ES256", "use": "sig", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:]),
	}
}

func b64(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func (p *project) verifier(t *testing.T, cfg supabasejwt.Config) *supabasejwt.Verifier {
	t.Helper()
	cfg.Now = func() time.Time { return now }
	v, err := supabasejwt.New(t.Context(), cfg)
	require.NoError(t, err)
	return v
}

func (p *project) both(t *testing.T) *supabasejwt.Verifier {
	t.Helper()
	return p.verifier(t, supabasejwt.Config{Secret: secret, JWKSURL: p.url})
}

// token signs the claims of a good token, changed by change; nil removes a claim.
func token(t *testing.T, method jwt.SigningMethod, kid string, key any, change jwt.MapClaims) string {
	t.Helper()
	c := jwt.MapClaims{
		"iss": "https://project.supabase.co/auth/v1", "sub": "user", "aud": "authenticated", "role": "authenticated",
		"exp": now.Add(time.Hour).Unix(), "iat": now.Unix(), "email": "Ana@ClickBalance.com",
		"user_metadata": map[string]any{"full_name": "Ana Pérez", "email_verified": true},
	}
	maps.Copy(c, change)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	tok := jwt.NewWithClaims(method, c)
	if kid != "" {
		tok.Header["kid"] = kid
	}
	signed, err := tok.SignedString(key)
	require.NoError(t, err)
	return signed
}

func requireRefused(t *testing.T, v *supabasejwt.Verifier, token, why string) {
	t.Helper()
	_, err := v.Verify(t.Context(), token)
	require.Error(t, err, why)
	require.Equal(t, fault.Unauthenticated, fault.KindOf(err), why)
	require.Equal(t, fault.Unauthorized, fault.CodeOf(err), why)
	require.NotContains(t, err.Error(), "Ana", why)
}

func TestATokenOfEachKindIsAccepted(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	v := p.both(t)
	for kind, tok := range map[string]string{
		"HS256":             token(t, jwt.SigningMethodHS256, "", []byte(secret), nil),
		"ES256":             token(t, jwt.SigningMethodES256, "ec", p.ec, nil),
		"RS256":             token(t, jwt.SigningMethodRS256, "rsa", p.rsa, nil),
		"list of audiences": token(t, jwt.SigningMethodES256, "ec", p.ec, jwt.MapClaims{"aud": []string{"x", "authenticated"}}),
	} {
		got, err := v.Verify(t.Context(), tok)
		require.NoError(t, err, kind)
		require.Equal(t, "Ana@ClickBalance.com", got.Email, kind)
		require.Equal(t, "Ana Pérez", got.Name, kind)
	}
	require.EqualValues(t, 1, p.fetches.Load())
}

func TestATokenThatIsNotWhatItHasToBeIsRefused(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	v := p.both(t)
	for why, change := range map[string]jwt.MapClaims{
		"expired":               {"exp": now.Add(-time.Minute).Unix()},
		"without an end":        {"exp": nil},
		"not valid yet":         {"nbf": now.Add(time.Minute).Unix()},
		"anonymous role":        {"aud": "anon"},
		"no audience":           {"aud": nil},
		"anonymous sign-in":     {"is_anonymous": true},
		"an application's":      {"client_id": "app"},
		"no e-mail":             {"email": nil},
		"unverified e-mail":     {"email_verified": false},
		"unverified by profile": {"user_metadata": map[string]any{"email_verified": false}},
	} {
		requireRefused(t, v, token(t, jwt.SigningMethodES256, "ec", p.ec, change), why)
		requireRefused(t, v, token(t, jwt.SigningMethodHS256, "", []byte(secret), change), why)
	}
}

func TestTheAlgorithmBelongsToTheKey(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	v := p.both(t)
	public, err := x509.MarshalPKIXPublicKey(&p.rsa.PublicKey)
	require.NoError(t, err)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	none := token(t, jwt.SigningMethodNone, "ec", jwt.UnsafeAllowNoneSignatureType, nil)
	good := token(t, jwt.SigningMethodES256, "ec", p.ec, nil)

	requireRefused(t, v, token(t, jwt.SigningMethodHS256, "rsa", public, nil), "HS256 with a public key as the secret")
	requireRefused(t, v, token(t, jwt.SigningMethodHS256, "", []byte("wrong"), nil), "another secret")
	requireRefused(t, v, token(t, jwt.SigningMethodHS512, "", []byte(secret), nil), "HS512")
	requireRefused(t, v, token(t, jwt.SigningMethodRS512, "rsa", p.rsa, nil), "RS512")
	requireRefused(t, v, token(t, jwt.SigningMethodRS256, "ec", p.rsa, nil), "RS256 under the key ID of ES256")
	requireRefused(t, v, token(t, jwt.SigningMethodES256, "rsa", p.ec, nil), "ES256 under the key ID of RS256")
	requireRefused(t, v, token(t, jwt.SigningMethodES256, "ec", other, nil), "another key")
	requireRefused(t, v, token(t, jwt.SigningMethodES256, "", p.ec, nil), "no key ID")
	requireRefused(t, v, none, "no signature")
	requireRefused(t, v, good[:strings.LastIndex(good, ".")+1], "signature cut off")
	requireRefused(t, v, "nonsense", "no token at all")
}

func TestWithoutASecretOrAKeySetTheirTokensAreRefused(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	hs := token(t, jwt.SigningMethodHS256, "", []byte(secret), nil)
	empty := token(t, jwt.SigningMethodHS256, "", []byte{}, nil)
	es := token(t, jwt.SigningMethodES256, "ec", p.ec, nil)

	keysOnly := p.verifier(t, supabasejwt.Config{JWKSURL: p.url})
	requireRefused(t, keysOnly, hs, "HS256 without a secret")
	requireRefused(t, keysOnly, empty, "HS256 with the empty secret")
	secretOnly := p.verifier(t, supabasejwt.Config{Secret: secret})
	requireRefused(t, secretOnly, es, "ES256 without a key set")
	nothing := p.verifier(t, supabasejwt.Config{})
	for _, tok := range []string{hs, empty, es} {
		requireRefused(t, nothing, tok, "nothing is configured")
	}
}

func TestANewKeyIsFetchedWhenATokenNamesIt(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	v := p.both(t)
	_, err := v.Verify(t.Context(), token(t, jwt.SigningMethodES256, "ec", p.ec, nil))
	require.NoError(t, err)
	fresh, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	p.publish(ecJWK(t, "fresh", &fresh.PublicKey))

	_, err = v.Verify(t.Context(), token(t, jwt.SigningMethodES256, "fresh", fresh, nil))
	require.NoError(t, err)
	requireRefused(t, v, token(t, jwt.SigningMethodES256, "ec", p.ec, nil), "a key that was withdrawn")
	for range 20 {
		requireRefused(t, v, token(t, jwt.SigningMethodES256, "invented", fresh, nil), "a key that never was")
	}
	require.EqualValues(t, 2, p.fetches.Load(), "made-up key IDs do not fetch")
}

func TestAKeySetOutOfReachIsNotTheTokensFault(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.down.Store(true)
	v := p.both(t)

	_, err := v.Verify(t.Context(), token(t, jwt.SigningMethodES256, "ec", p.ec, nil))

	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	_, err = v.Verify(t.Context(), token(t, jwt.SigningMethodHS256, "", []byte(secret), nil))
	require.NoError(t, err)
}

func TestAMalformedKeySetURLIsRefusedAtStartUp(t *testing.T) {
	t.Parallel()
	_, err := supabasejwt.New(t.Context(), supabasejwt.Config{JWKSURL: "not a url"})
	require.Error(t, err)
	_, err = supabasejwt.JWKSURL("http://[::1")
	require.Error(t, err)
}

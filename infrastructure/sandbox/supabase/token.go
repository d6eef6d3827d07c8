package supabase

import (
	"maps"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// tokenBody asks for an access token, as a signed-in person would have one.
type tokenBody struct {
	Email string `json:"email"`
	// Alg is ES256 (the default), RS256 or HS256.
	Alg string `json:"alg"`
	// ExpiresIn is in seconds, 3600 when left out; a negative one makes an expired token.
	ExpiresIn *int   `json:"expiresIn"`
	Aud       string `json:"aud"`
	// Secret signs an HS256 token, DefaultJWTSecret when left out.
	Secret string `json:"secret"`
	// Claims are set last, over the others; null takes a claim away.
	Claims map[string]any `json:"claims"`
}

// postToken: POST /token answers {token, access_token, token_type, expires_in, expires_at}.
func (d *Double) postToken(w http.ResponseWriter, r *http.Request) {
	var in tokenBody
	if !core.DecodeControl(w, r, &in) {
		return
	}
	if in.Email == "" {
		core.FieldError(w, "email", "email must be given")
		return
	}
	lifetime := time.Hour
	if in.ExpiresIn != nil {
		lifetime = time.Duration(*in.ExpiresIn) * time.Second
	}
	now := d.env.Clock.Base() // the time of whoever verifies the token
	token, err := d.issue(in, d.env.URL(r, d.Name(), "/auth/v1"), now, now.Add(lifetime))
	if err != nil {
		core.FieldError(w, "alg", err.Error())
		return
	}
	core.WriteJSON(w, http.StatusOK, map[string]any{
		"token": token, "access_token": token, "token_type": "bearer",
		"expires_in": int(lifetime.Seconds()), "expires_at": now.Add(lifetime).Unix(),
	})
}

// issue signs a token with the claims that Supabase Auth gives.
func (d *Double) issue(in tokenBody, issuer string, from, until time.Time) (string, error) {
	subject := uuid.NewSHA1(uuid.NameSpaceURL, []byte("mailto:"+in.Email)).String() // a person's ID stays the same
	audience := in.Aud
	if audience == "" {
		audience = "authenticated"
	}
	claims := jwt.MapClaims{
		"iss": issuer, "sub": subject, "aud": audience, "iat": from.Unix(), "exp": until.Unix(), "email": in.Email, "phone": "",
		"app_metadata":  map[string]any{"provider": "email", "providers": []string{"email"}},
		"user_metadata": map[string]any{"email": in.Email, "email_verified": true, "phone_verified": false, "sub": subject},
		"role":          "authenticated", "aal": "aal1", "amr": []any{map[string]any{"method": "password", "timestamp": from.Unix()}},
		"session_id": uuid.NewString(), "is_anonymous": false,
	}
	maps.Copy(claims, in.Claims)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })

	if in.Alg == "HS256" {
		secret := in.Secret
		if secret == "" {
			secret = DefaultJWTSecret
		}
		return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret))
	}
	method, alg := jwt.SigningMethod(jwt.SigningMethodES256), "ES256"
	switch in.Alg {
	case "", "ES256":
	case "RS256":
		method, alg = jwt.SigningMethodRS256, "RS256"
	default:
		return "", errAlg
	}
	key, id, err := d.keys.signer(alg)
	if err != nil {
		return "", err
	}
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = id
	return token.SignedString(key)
}

package core

import (
	"net/http"
	"strings"
)

// GoodKey tells whether a credential is one that the sandbox accepts: it starts with "sandbox".
func GoodKey(key string) bool { return strings.HasPrefix(key, "sandbox") }

// BearerToken is the token of "Authorization: Bearer <token>", or "".
func BearerToken(r *http.Request) string { return AuthToken(r, "Bearer") }

// AuthToken is the credential of "Authorization: <scheme> <credential>", or "". The scheme's case does not matter.
func AuthToken(r *http.Request, scheme string) string {
	got, token, found := strings.Cut(r.Header.Get("Authorization"), " ")
	if !found || !strings.EqualFold(got, scheme) {
		return ""
	}
	return strings.TrimSpace(token)
}

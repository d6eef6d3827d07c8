package supabase

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// DefaultJWTSecret signs the project's HS256 tokens unless a token request brings its own.
const DefaultJWTSecret = "sandbox-jwt-secret-of-at-least-32-characters"

// keys are the project's asymmetric signing keys. The RSA key is made when it is first asked for: it takes a while.
type keys struct {
	mu  sync.Mutex
	ec  *ecdsa.PrivateKey
	rsa *rsa.PrivateKey
	// ids are the key IDs, by algorithm.
	ids map[string]string
}

func newKeys() *keys {
	k := &keys{}
	k.rotate()
	return k
}

// rotate forgets the old keys: tokens signed with them are good no more.
func (k *keys) rotate() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ec, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader) // fails only without randomness, which ends the program
	k.rsa = nil
	k.ids = map[string]string{"ES256": uuid.NewString(), "RS256": uuid.NewString()}
}

// signer is the private key of an algorithm with its ID.
func (k *keys) signer(alg string) (crypto.Signer, string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if alg == "ES256" {
		return k.ec, k.ids[alg], nil
	}
	if k.rsa == nil {
		made, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, "", fmt.Errorf("make an RSA key: %w", err)
		}
		k.rsa = made
	}
	return k.rsa, k.ids[alg], nil
}

// set is the public keys as a JSON Web Key Set (RFC 7517). A shared secret is never in it.
func (k *keys) set() (map[string]any, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	public, err := k.ec.PublicKey.ECDH()
	if err != nil {
		return nil, fmt.Errorf("encode the public key: %w", err)
	}
	point := public.Bytes() // 4, then x and y of 32 bytes each
	list := []any{k.describe("ES256", map[string]any{
		"kty": "EC", "crv": "P-256", "x": encode(point[1:33]), "y": encode(point[33:]),
	})}
	if k.rsa != nil {
		exponent := binary.BigEndian.AppendUint32(nil, uint32(k.rsa.E))
		list = append(list, k.describe("RS256", map[string]any{
			"kty": "RSA", "n": encode(k.rsa.N.Bytes()), "e": encode([]byte(strings.TrimLeft(string(exponent), "\x00"))),
		}))
	}
	return map[string]any{"keys": list}, nil
}

func (k *keys) describe(alg string, key map[string]any) map[string]any {
	key["alg"], key["kid"], key["use"], key["ext"], key["key_ops"] = alg, k.ids[alg], "sig", true, []string{"verify"}
	return key
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// getKeySet: GET /auth/v1/.well-known/jwks.json.
func (d *Double) getKeySet(w http.ResponseWriter, _ *http.Request) {
	set, err := d.keys.set()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=600")
	core.WriteJSON(w, http.StatusOK, set)
}

// postRotate: POST /rotate.
func (d *Double) postRotate(w http.ResponseWriter, r *http.Request) {
	d.keys.rotate()
	d.getKeySet(w, r)
}

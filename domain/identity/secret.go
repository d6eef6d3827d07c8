package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// KeyID names an API key.
type KeyID string

// String returns the canonical UUID text.
func (id KeyID) String() string { return string(id) }

// Hash is the SHA-256 of a secret: all that is stored of it. A slow hash would protect a guessable secret; ours are
// random, 130 bits.
type Hash [sha256.Size]byte

// HashOf returns the hash of a secret.
func HashOf(secret string) Hash { return sha256.Sum256([]byte(secret)) }

// Equal compares in constant time.
func (h Hash) Equal(other Hash) bool { return subtle.ConstantTimeCompare(h[:], other[:]) == 1 }

// Secret prefixes, so that a leaked secret is recognised for what it is.
const (
	KeyPrefix     = "tert_"
	LinkPrefix    = "tertlink_"
	SessionPrefix = "tertses_"
)

// NewSecret makes a random secret.
func NewSecret(prefix string) string { return prefix + rand.Text() }

// shownOfKey is how much of a key is kept readable, so that a person can tell it from another: 20 bits of the secret.
const shownOfKey = len(KeyPrefix) + 4

// Key is an API key of a workspace.
type Key struct {
	ID         KeyID
	Workspace  kernel.WorkspaceID
	Name       string
	Hash       Hash
	Prefix     string // the beginning of the key, to recognise it by
	Role       kernel.Role
	CreatedAt  time.Time
	LastUsedAt *time.Time // to within a few minutes
	RevokedAt  *time.Time
}

// NewKey makes a key and returns it with its secret, which is kept nowhere.
func NewKey(id KeyID, ws kernel.WorkspaceID, name string, role kernel.Role, at time.Time) (Key, string) {
	secret := NewSecret(KeyPrefix)
	return Key{
		ID: id, Workspace: ws, Name: name, Role: role, CreatedAt: at, Hash: HashOf(secret), Prefix: secret[:shownOfKey],
	}, secret
}

// Lifetimes of an administrator's way into the dashboard.
const (
	LinkLifetime    = 10 * time.Minute
	SessionLifetime = 12 * time.Hour
)

// AdminLink is a one-time link into the dashboard.
type AdminLink struct {
	Hash      Hash
	Workspace kernel.WorkspaceID
	Rep       kernel.RepID
	ExpiresAt time.Time
}

// AdminSession is what a redeemed link becomes.
type AdminSession struct {
	Hash      Hash
	Workspace kernel.WorkspaceID
	Rep       kernel.RepID
	ExpiresAt time.Time
}

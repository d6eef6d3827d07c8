package batchcalls

import (
	"encoding/base32"
	"encoding/hex"
	"strconv"
	"strings"
)

// BatchID names a batch, in storage and in jobs: a UUIDv7 in its canonical form.
type BatchID string

// String returns the canonical UUID text.
func (id BatchID) String() string { return string(id) }

// publicPrefix is what the provider's own batch IDs begin with: clients of the original service know no other.
const publicPrefix = "btcal_"

// Public is the ID as callers see it: the prefix and the UUID's 128 bits in the alphabet of ULIDs, in lower case.
func (id BatchID) Public() string { return publicPrefix + id.ulid() }

// RecipientRef is the ID of the recipient at a position whose caller gave it none. It is unique everywhere, so that what the
// provider lists can be told apart from what others have sent it.
func (id BatchID) RecipientRef(position int) string {
	return "rcpt_" + id.ulid() + "_" + strconv.Itoa(position)
}

// PositionOf is RecipientRef backwards: the position of a recipient whose caller gave it no ID.
func (id BatchID) PositionOf(ref string) (int, bool) {
	digits, ours := strings.CutPrefix(ref, "rcpt_"+id.ulid()+"_")
	position, err := strconv.Atoi(digits)
	return position, ours && err == nil && position >= 0
}

// crockford is the alphabet of ULIDs (github.com/ulid/spec), lower case as the provider writes it.
const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

//nolint:gochecknoglobals // it never changes
var ulids = base32.NewEncoding(crockford).WithPadding(base32.NoPadding)

func (id BatchID) ulid() string {
	raw, err := hex.DecodeString(strings.ReplaceAll(string(id), "-", ""))
	if err != nil {
		return string(id) // never: IDs are made by port.IDs
	}
	return ulids.EncodeToString(raw)
}

// maxIDLength bounds what is taken for an ID of a batch. The provider's have 34 characters.
const maxIDLength = 128

// IsID reports whether s may be the ID of a batch, ours or the provider's: letters, digits, "_" and "-", and none of the
// words that stand for something else on the provider's side. Nothing else may ever get into a path there.
func IsID(s string) bool {
	if s == "" || len(s) > maxIDLength || s == "submit" || s == "workspace" {
		return false
	}
	for _, c := range []byte(s) {
		ok := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
		if !ok {
			return false
		}
	}
	return true
}

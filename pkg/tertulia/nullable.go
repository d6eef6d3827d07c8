package tertulia

import (
	"bytes"
	"encoding/json"
)

// Nullable is a field of a partial update: absent (the zero value: leave as it is), null (clear it), or a value.
// Fields of this type carry `json:",omitzero"`, so that an absent one is not sent.
//
// A schema generator that reflects over Go types should be told that Nullable[T] stands for *T
// (huma: Registry.RegisterTypeAlias(Nullable[T], *T)).
type Nullable[T any] struct {
	Set   bool // the field was present
	Null  bool // it was null; Value is then zero
	Value T
}

// Some is a present value.
func Some[T any](v T) Nullable[T] { return Nullable[T]{Set: true, Value: v} }

// Null is a present null.
func Null[T any]() Nullable[T] { return Nullable[T]{Set: true, Null: true} }

// IsZero reports whether the field is absent. encoding/json asks it for omitzero.
func (n Nullable[T]) IsZero() bool { return !n.Set }

// Get returns the value and whether there is one.
func (n Nullable[T]) Get() (T, bool) { return n.Value, n.Set && !n.Null }

// Ptr returns the value, or nil when it is null or absent.
func (n Nullable[T]) Ptr() *T {
	if v, ok := n.Get(); ok {
		return &v
	}
	return nil
}

// MarshalJSON writes the value, or null.
func (n Nullable[T]) MarshalJSON() ([]byte, error) {
	if v, ok := n.Get(); ok {
		return json.Marshal(v)
	}
	return []byte("null"), nil
}

// UnmarshalJSON is called only for a present field; that is what tells null from absent.
func (n *Nullable[T]) UnmarshalJSON(raw []byte) error {
	if bytes.Equal(bytes.TrimSpace(raw), []byte("null")) {
		*n = Null[T]()
		return nil
	}
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	*n = Some(v)
	return nil
}

package kernel

// Page limits, the same for every list.
const (
	DefaultPageSize = 20
	MaxPageSize     = 100
)

// Page asks for one stretch of a list: at most Limit rows after Cursor ("" is the beginning).
type Page struct {
	Limit  int
	Cursor Cursor
}

// Cursor is an opaque place in a list, made by the repository that reads it.
type Cursor string

// Size returns the number of rows to read: the default when Limit is unset, never more than the maximum.
func (p Page) Size() int {
	switch {
	case p.Limit <= 0:
		return DefaultPageSize
	case p.Limit > MaxPageSize:
		return MaxPageSize
	default:
		return p.Limit
	}
}

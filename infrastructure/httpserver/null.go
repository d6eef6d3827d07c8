package httpserver

// OrNull is how an answer shows the absence of a value: null for the zero value of its type.
func OrNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

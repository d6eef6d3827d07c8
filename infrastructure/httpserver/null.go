package httpserver

// OrNull is how an answer shows the absence of a value: null for the zero value of its type.
func OrNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// Each converts a list for the wire. An empty one is [], never null.
func Each[A, B any](list []A, convert func(A) B) []B {
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = convert(a)
	}
	return out
}

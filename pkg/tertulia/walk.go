package tertulia

import "iter"

// walk turns a list that is paged by cursors into one sequence. It ends with the first error.
func walk[T any](page func(cursor string) ([]T, *string, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		cursor := ""
		for {
			rows, next, err := page(cursor)
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if next == nil || *next == "" || *next == cursor {
				return
			}
			cursor = *next
		}
	}
}

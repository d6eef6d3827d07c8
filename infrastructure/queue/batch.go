package queue

import "sync"

// batcher gathers what arrives while the batch before is being written. A lone item is written at once; under load the
// batches grow by themselves.
type batcher[T any] struct {
	in    chan T
	most  int
	write func(batch []T)
	done  sync.WaitGroup
}

func newBatcher[T any](most int, write func(batch []T)) *batcher[T] {
	return &batcher[T]{in: make(chan T, most), most: most, write: write}
}

func (b *batcher[T]) start() {
	b.done.Go(func() {
		for first := range b.in {
			b.write(b.gather(first))
		}
	})
}

// stop writes what is left. Nothing may be added any more.
func (b *batcher[T]) stop() {
	close(b.in)
	b.done.Wait()
}

func (b *batcher[T]) gather(first T) []T {
	batch := []T{first}
	for len(batch) < b.most {
		select {
		case next, ok := <-b.in:
			if !ok {
				return batch
			}
			batch = append(batch, next)
		default:
			return batch
		}
	}
	return batch
}

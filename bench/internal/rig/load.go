package rig

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// Question is what a server is asked again and again.
type Question struct {
	Base string
	// Each makes, for one connection, what renders its next request.
	Each func() (next func() []byte)
	// Begins is what the body of every answer begins with.
	Begins string
}

// Same asks one rendered request for ever.
func Same(base string, request []byte) Question {
	return Question{Base: base, Each: func() func() []byte { return func() []byte { return request } }}
}

// Load is what the askers saw.
type Load struct {
	PerSecond float64
	Took      []time.Duration // sorted
}

// Hammer asks over n connections for some time, each again as soon as it is answered and once at least. An answer that is
// not 200, or does not begin as it should, is an error.
func Hammer(ctx context.Context, q Question, n int, during time.Duration) (Load, error) {
	took := make([][]time.Duration, n)
	group, ctx := errgroup.WithContext(ctx)
	begun := time.Now()
	for i := range n {
		group.Go(func() error {
			c, err := q.connect(ctx)
			if err != nil {
				return err
			}
			defer c.close()
			for at := time.Now(); len(took[i]) == 0 || at.Sub(begun) < during; {
				if err := c.ask(); err != nil {
					return err
				}
				now := time.Now()
				took[i] = append(took[i], now.Sub(at))
				at = now
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return Load{}, err
	}
	return seen(begun, slices.Concat(took...)), nil
}

// Paced asks over one connection by the clock. A question's time counts from when it was due, so that what waits behind a
// slow answer is not forgotten; one that is still unanswered when the next is due is followed at once.
func Paced(ctx context.Context, q Question, every, during time.Duration) (Load, error) {
	c, err := q.connect(ctx)
	if err != nil {
		return Load{}, err
	}
	defer c.close()
	var took []time.Duration
	begun := time.Now()
	for due := begun; due.Sub(begun) < during; due = due.Add(every) {
		time.Sleep(time.Until(due))
		if err := c.ask(); err != nil {
			return Load{}, err
		}
		took = append(took, time.Since(due))
	}
	return seen(begun, took), nil
}

func seen(begun time.Time, took []time.Duration) Load {
	l := Load{PerSecond: float64(len(took)) / time.Since(begun).Seconds(), Took: took}
	slices.Sort(l.Took)
	return l
}

// asker is one connection with its questions.
type asker struct {
	conn   *Conn
	next   func() []byte
	begins []byte
	done   func() bool
}

// connect makes an asker, whose connection ends with the context.
func (q Question) connect(ctx context.Context) (*asker, error) {
	conn, err := Dial(ctx, q.Base)
	if err != nil {
		return nil, err
	}
	return &asker{conn: conn, next: q.Each(), begins: []byte(q.Begins), done: context.AfterFunc(ctx, func() { _ = conn.Close() })}, nil
}

func (a *asker) ask() error {
	answer, err := a.conn.Do(a.next())
	if err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	if answer.Status != 200 || !bytes.HasPrefix(answer.Begin, a.begins) {
		return fmt.Errorf("answered %d, %q", answer.Status, answer.Begin)
	}
	return nil
}

func (a *asker) close() {
	if a.done() {
		_ = a.conn.Close()
	}
}

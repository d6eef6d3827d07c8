package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
)

// The client shares the machine's cores with the server, so it does little: a request is bytes that were made once, and
// of an answer only the status and the end are looked at (RFC 9112 §6: a length, or chunks).

// asking is a kept connection to a server.
type asking struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(ctx context.Context, base string) (*asking, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return nil, err
	}
	return &asking{conn: conn, in: bufio.NewReaderSize(conn, 32<<10)}, nil
}

// get renders a GET with an API key.
func get(base, path, key string) []byte {
	u, _ := url.Parse(base)
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n\r\n", path, u.Host, key)
}

// do sends a rendered request and returns the status of its answer, whose body it throws away.
func (a *asking) do(request []byte) (status int, err error) {
	if _, err := a.conn.Write(request); err != nil {
		return 0, err
	}
	line, err := a.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, fmt.Errorf("read status line: %w", err)
	}
	length := -1
	for {
		line, err := a.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, fmt.Errorf("read length: %w", err)
			}
		}
	}
	if length >= 0 {
		_, err = a.in.Discard(length)
		return status, err
	}
	return status, a.skipChunks()
}

func (a *asking) skipChunks() error {
	for {
		line, err := a.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 64)
		if err != nil {
			return fmt.Errorf("read chunk: %w", err)
		}
		if _, err := io.CopyN(io.Discard, a.in, size+2); err != nil || size == 0 {
			return err
		}
	}
}

// load is what many connections saw that ask again as soon as they are answered.
type load struct {
	perSecond float64
	took      []time.Duration // sorted
}

// hammer asks over n connections for some time. An answer other than 200 is an error.
func hammer(ctx context.Context, base string, request []byte, n int, during time.Duration) (load, error) {
	took := make([][]time.Duration, n)
	group, ctx := errgroup.WithContext(ctx)
	begun := time.Now()
	for i := range n {
		group.Go(func() error {
			a, err := dial(ctx, base)
			if err != nil {
				return err
			}
			defer func() { _ = a.conn.Close() }()
			for at := time.Now(); at.Sub(begun) < during; {
				status, err := a.do(request)
				if err != nil || status != 200 {
					return fmt.Errorf("answered %d: %w", status, err)
				}
				now := time.Now()
				took[i] = append(took[i], now.Sub(at))
				at = now
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return load{}, err
	}
	l := load{took: slices.Concat(took...)}
	l.perSecond = float64(len(l.took)) / time.Since(begun).Seconds()
	slices.Sort(l.took)
	return l, nil
}

// quantile returns a quantile of sorted durations.
func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[min(int(float64(len(sorted))*q), len(sorted)-1)]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

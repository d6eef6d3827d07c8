package rig

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
)

// The client shares the machine's cores with the server, so it does little: a request is bytes that were made once, and
// of an answer only the status, the begin and the end are looked at (RFC 9112 §6: a length, or chunks).

// Conn is a kept connection to a server.
type Conn struct {
	conn net.Conn
	in   *bufio.Reader
}

// Answer is what a connection keeps of one: its status, and at most 64 bytes of its body, until the next question.
type Answer struct {
	Status int
	Begin  []byte
}

// Dial connects to the server at a base URL.
func Dial(ctx context.Context, base string) (*Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", host(base))
	if err != nil {
		return nil, err
	}
	return &Conn{conn: conn, in: bufio.NewReaderSize(conn, 32<<10)}, nil
}

// Close ends the connection.
func (c *Conn) Close() error { return c.conn.Close() }

// Get renders a GET, with an API key unless that is empty.
func Get(base, path, key string) []byte {
	if key != "" {
		key = "X-API-Key: " + key + "\r\n"
	}
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", path, host(base), key)
}

// PostJSON renders a POST.
func PostJSON(base, path string, body []byte) []byte {
	head := fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", path, host(base), len(body))
	return append(head, body...)
}

func host(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base // which nobody can dial
	}
	return u.Host
}

// Do sends a rendered request and reads its answer to the end.
func (c *Conn) Do(request []byte) (Answer, error) {
	if _, err := c.conn.Write(request); err != nil {
		return Answer{}, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return Answer{}, err
	}
	if len(line) < len("HTTP/1.1 200") {
		return Answer{}, fmt.Errorf("read status line %q", line)
	}
	status, err := strconv.Atoi(string(line[9:12]))
	if err != nil {
		return Answer{}, fmt.Errorf("read status line: %w", err)
	}
	length, err := c.skipHeaders()
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Status: status}
	if length < 0 {
		a.Begin, err = c.skipChunks()
		return a, err
	}
	a.Begin, err = c.skip(length)
	return a, err
}

// skipHeaders returns the length that they tell, or -1.
func (c *Conn) skipHeaders() (length int, err error) {
	length = -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			return length, nil
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, fmt.Errorf("read length: %w", err)
			}
		}
	}
}

// skip passes over n bytes and returns the first.
func (c *Conn) skip(n int) ([]byte, error) {
	first, err := c.in.Peek(min(n, 64))
	if err != nil {
		return nil, err
	}
	begin := bytes.Clone(first)
	_, err = c.in.Discard(n)
	return begin, err
}

func (c *Conn) skipChunks() (begin []byte, err error) {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return nil, fmt.Errorf("read chunk: %w", err)
		}
		if begin == nil {
			begin, err = c.skip(int(size))
		} else {
			_, err = c.in.Discard(int(size))
		}
		if err != nil {
			return nil, err
		}
		if _, err := io.CopyN(io.Discard, c.in, 2); err != nil || size == 0 {
			return begin, err
		}
	}
}

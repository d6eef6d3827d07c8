package tertulia_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func readAll(t *testing.T, r io.Reader) []tertulia.Event {
	t.Helper()
	var events []tertulia.Event
	for event, err := range tertulia.ReadEvents(r) {
		require.NoError(t, err)
		events = append(events, event)
	}
	return events
}

// The streams of the WHATWG HTML standard §9.2.6, and its corners.
func TestEventsAreReadAsTheStandardSays(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		stream string
		want   []tertulia.Event
	}{
		"data lines are joined": {"data: YHOO\ndata: +2\ndata: 10\n\n", []tertulia.Event{{Type: "message", Data: "YHOO\n+2\n10"}}},
		"comments, IDs and an unfinished event": {
			": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event",
			[]tertulia.Event{{ID: "1", Type: "message", Data: "first event"}, {Type: "message", Data: "second event"}},
		},
		"empty data is an event":      {"data\n\ndata\ndata\n\ndata:", []tertulia.Event{{Type: "message"}, {Type: "message", Data: "\n"}}},
		"one space is dropped":        {"data:test\n\ndata: test\n\ndata:  test\n\n", []tertulia.Event{{Type: "message", Data: "test"}, {Type: "message", Data: "test"}, {Type: "message", Data: " test"}}},
		"every line end":              {"data: a\r\rdata: b\r\n\r\ndata: c\n\n", []tertulia.Event{{Type: "message", Data: "a"}, {Type: "message", Data: "b"}, {Type: "message", Data: "c"}}},
		"a byte order mark":           {"\uFEFFdata: a\n\n", []tertulia.Event{{Type: "message", Data: "a"}}},
		"a type holds for one event":  {"event: add\ndata: 1\n\ndata: 2\n\n", []tertulia.Event{{Type: "add", Data: "1"}, {Type: "message", Data: "2"}}},
		"an event without data":       {"event: add\n\ndata: 2\n\n", []tertulia.Event{{Type: "message", Data: "2"}}},
		"an ID holds until another":   {"id: 7\ndata: a\n\ndata: b\n\n", []tertulia.Event{{ID: "7", Type: "message", Data: "a"}, {ID: "7", Type: "message", Data: "b"}}},
		"an ID with NUL is ignored":   {"id: 7\ndata: a\n\nid: 8\x00\ndata: b\n\n", []tertulia.Event{{ID: "7", Type: "message", Data: "a"}, {ID: "7", Type: "message", Data: "b"}}},
		"retry takes digits only":     {"retry: 250\ndata: a\n\nretry: 1s\ndata: b\n\n", []tertulia.Event{{Type: "message", Data: "a", Retry: 250 * time.Millisecond}, {Type: "message", Data: "b", Retry: 250 * time.Millisecond}}},
		"unknown fields are ignored":  {"colour: red\ndata: a\n\n", []tertulia.Event{{Type: "message", Data: "a"}}},
		"a ping keeps a stream alive": {": ping\n\n: ping\n\ndata: a\n\n", []tertulia.Event{{Type: "message", Data: "a"}}},
	}
	for name, c := range cases {
		require.Equal(t, c.want, readAll(t, strings.NewReader(c.stream)), name)
		require.Equal(t, c.want, readAll(t, iotest.OneByteReader(strings.NewReader(c.stream))), "%s, byte by byte", name)
	}
}

func TestAnEventIsSeenAsSoonAsItsBlankLineArrives(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	defer w.Close()
	go func() { _, _ = w.Write([]byte("data: a\r\r")) }() // a CR might be half of a CRLF: it must not be waited for

	for event, err := range tertulia.ReadEvents(r) {
		require.NoError(t, err)
		require.Equal(t, "a", event.Data)
		break
	}
}

func TestAnEndlessEventIsRefused(t *testing.T) {
	t.Parallel()
	line := "data: " + strings.Repeat("x", 1<<20) + "\n"
	for _, stream := range []string{strings.Repeat(line, 6), "data: " + strings.Repeat("x", 6<<20)} {
		var last error
		for _, err := range tertulia.ReadEvents(strings.NewReader(stream)) {
			last = err
		}
		require.ErrorIs(t, last, tertulia.ErrEventTooLarge)
	}
}

// connections opens one canned stream after the other; each breaks at its end.
type connections struct {
	streams []string
	asked   []string
}

func (c *connections) open(_ context.Context, lastEventID string) (io.ReadCloser, error) {
	c.asked = append(c.asked, lastEventID)
	if len(c.asked) > len(c.streams) {
		return nil, errors.New("connection refused")
	}
	broken := iotest.ErrReader(errors.New("connection reset"))
	return io.NopCloser(io.MultiReader(strings.NewReader(c.streams[len(c.asked)-1]), broken)), nil
}

func TestABrokenStreamIsResumedAfterItsLastEvent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &connections{streams: []string{
			"id: 1\ndata: a\n\nid: 2\nretry: 3000\ndata: b\n\nid: 3\ndata: cut", "", "id: 3\ndata: c\n\nid: 4\ndata: done\n\n",
		}}
		stream := tertulia.EventStream{Open: c.open, Last: func(e tertulia.Event) bool { return e.Data == "done" }}
		began := time.Now()

		var got []string
		for event, err := range stream.Events(t.Context()) {
			require.NoError(t, err)
			got = append(got, event.Data)
		}

		require.Equal(t, []string{"a", "b", "c", "done"}, got)
		require.Equal(t, []string{"", "2", "2"}, c.asked)
		require.Equal(t, 6*time.Second, time.Since(began)) // twice what the stream asked for
	})
}

func TestAStreamThatCannotBeResumedEndsWithTheError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &connections{streams: []string{"id: 1\ndata: a\n\n"}}
		stream := tertulia.EventStream{Open: c.open, Reconnects: 2, Delay: time.Second}

		var last error
		for _, err := range stream.Events(t.Context()) {
			last = err
		}

		require.EqualError(t, last, "connection refused")
		require.Equal(t, []string{"", "1", "1"}, c.asked)
	})
}

func TestAStreamThatIsRefusedIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	calls := 0
	stream := tertulia.EventStream{Open: func(context.Context, string) (io.ReadCloser, error) {
		calls++
		return nil, &tertulia.APIError{Status: 404, Code: "AGENT_NOT_FOUND"}
	}}

	for _, err := range stream.Events(t.Context()) {
		require.True(t, tertulia.HasCode(err, "AGENT_NOT_FOUND"))
	}

	require.Equal(t, 1, calls)
}

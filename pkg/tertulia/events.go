package tertulia

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Event is one server-sent event.
type Event struct {
	ID    string        // last ID that the stream has given, possibly by an earlier event
	Type  string        // "message" unless the stream says otherwise
	Data  string        // the data lines, joined by line feeds
	Retry time.Duration // delay before a reconnection that the stream last asked for; zero when it has not
}

// maxEventSize bounds one line and one event's data, in bytes.
const maxEventSize = 4 << 20

// ErrEventTooLarge means that the stream held an event of more than 4 MiB.
var ErrEventTooLarge = errors.New("tertulia: read event stream: event too large")

// ReadEvents reads server-sent events until r ends, as the WHATWG HTML standard §9.2.6 says: comments are skipped, an
// event that the end cuts off is dropped. A failed read is the last element. It does not close r.
func ReadEvents(r io.Reader) iter.Seq2[Event, error] { return resumeEvents(r, Event{}) }

// resumeEvents reads on where an earlier connection stopped: its ID and its delay hold until the stream gives others.
func resumeEvents(r io.Reader, last Event) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 0, 4096), maxEventSize)
		lines.Split((&lineSplitter{}).split)
		p := eventParser{id: last.ID, retry: last.Retry}
		for first := true; lines.Scan(); first = false {
			line := lines.Text()
			if first {
				line = strings.TrimPrefix(line, "\uFEFF")
			}
			event, complete, err := p.feed(line)
			if err != nil {
				yield(Event{}, err)
				return
			}
			if complete && !yield(event, nil) {
				return
			}
		}
		if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
			yield(Event{}, ErrEventTooLarge)
		} else if err != nil {
			yield(Event{}, fmt.Errorf("tertulia: read event stream: %w", err))
		}
	}
}

// eventParser gathers lines into events.
type eventParser struct {
	id, kind string
	retry    time.Duration
	data     strings.Builder
	hasData  bool
}

// feed takes one line and returns an event when the line ends one.
func (p *eventParser) feed(line string) (Event, bool, error) {
	if line == "" {
		event, complete := p.dispatch()
		return event, complete, nil
	}
	name, value, _ := strings.Cut(line, ":")
	value = strings.TrimPrefix(value, " ")
	switch name {
	case "event":
		p.kind = value
	case "data":
		if p.hasData {
			p.data.WriteByte('\n')
		}
		if p.data.Len()+len(value) > maxEventSize {
			return Event{}, false, ErrEventTooLarge
		}
		p.data.WriteString(value)
		p.hasData = true
	case "id":
		if !strings.ContainsRune(value, 0) {
			p.id = value
		}
	case "retry":
		if ms, err := strconv.ParseUint(value, 10, 31); err == nil {
			p.retry = time.Duration(ms) * time.Millisecond
		}
	}
	return Event{}, false, nil
}

// dispatch ends an event; one without data is none.
func (p *eventParser) dispatch() (Event, bool) {
	event := Event{ID: p.id, Type: p.kind, Data: p.data.String(), Retry: p.retry}
	complete := p.hasData
	p.kind, p.hasData = "", false
	p.data.Reset()
	if event.Type == "" {
		event.Type = "message"
	}
	return event, complete
}

// lineSplitter splits at LF, CR and CRLF without waiting for the byte after a CR, and drops a last line without end.
type lineSplitter struct{ afterCR bool }

func (s *lineSplitter) split(data []byte, _ bool) (int, []byte, error) {
	skip := 0
	if s.afterCR && len(data) > 0 {
		s.afterCR = false
		if data[0] == '\n' {
			skip = 1
		}
	}
	for i := skip; i < len(data); i++ {
		if data[i] == '\n' || data[i] == '\r' {
			s.afterCR = data[i] == '\r'
			return i + 1, data[skip:i], nil
		}
	}
	return skip, nil, nil
}

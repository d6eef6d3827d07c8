package agents

import (
	"strconv"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Frame is one piece of an answer's stream. Frames are counted from 1; the last one has Done or a Code.
type Frame struct {
	Number int
	Delta  string
	Done   bool
	Code   fault.Code // why there is no more
}

// IsLast reports whether nothing follows.
func (f Frame) IsLast() bool { return f.Done || f.Code != "" }

// FramesAfter returns the frames of a stored answer that come after the given one: the same frames with the same numbers
// as were streamed. While the answer is being made the last one is still to come; afterwards it is always among them, so that
// whoever comes back learns how it ended.
func (m Message) FramesAfter(n int) []Frame {
	var list []Frame
	from := 0
	for i, to := range m.Frames {
		if i >= n {
			list = append(list, Frame{Number: i + 1, Delta: m.Text[from:to]})
		}
		from = to
	}
	if last := len(m.Frames) + 1; m.Status != MessageRunning {
		list = append(list, Frame{Number: last, Done: m.Status == MessageCompleted, Code: m.Code})
	}
	return list
}

// FrameID names a frame of an answer for whoever wants to go on after it: "<message ID>.<number>". Number 0 is before the
// first.
func FrameID(id MessageID, number int) string { return id.String() + "." + strconv.Itoa(number) }

// ParseFrameID reads what FrameID wrote. Errors: Invalid VALIDATION_ERROR for the named field.
func ParseFrameID(s, field string) (MessageID, int, error) {
	name, count, _ := strings.Cut(s, ".")
	id, err := kernel.ParseID[MessageID](name)
	number, countErr := strconv.Atoi(count)
	if err != nil || countErr != nil || number < 0 {
		var f fault.Fields
		f.Add(field, fault.BadFormat, "expected", "<message_id>.<frame>")
		return "", 0, f.Err()
	}
	return id, number, nil
}

package meetings

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// ClipID names a clip.
type ClipID string

// String returns the canonical UUID text.
func (id ClipID) String() string { return string(id) }

// Codes of clips.
const (
	ClipNotFound fault.Code = "CLIP_NOT_FOUND"
	TooManyClips fault.Code = "TOO_MANY_CLIPS" // params: max
)

// Bounds of clips.
const (
	MaxClips            = 100     // of one meeting
	shortestClip Millis = 1000    // one second
	longestClip  Millis = 900_000 // fifteen minutes
	maxClipTitle        = 200     // characters
)

// Clip is a stretch of a meeting that somebody wants to be seen.
type Clip struct {
	ID         ClipID
	Workspace  kernel.WorkspaceID
	Meeting    ID
	Title      string
	Start, End Millis
	CreatedBy  kernel.RepID // empty: a service acting as the workspace
	CreatedAt  time.Time
}

// Check notes every rule that the clip of a recording of that length breaks.
func (c Clip) Check(f *fault.Fields, length time.Duration) {
	end := Millis(length.Truncate(time.Second)/time.Millisecond) + 1000 // lengths are known to the second, or a little less
	f.Require(strings.TrimSpace(c.Title) != "", "title", fault.Required)
	f.Require(utf8.RuneCountInString(c.Title) <= maxClipTitle, "title", fault.TooLong, "max", strconv.Itoa(maxClipTitle))
	if last := max(0, end-shortestClip); c.Start < 0 || c.Start > last {
		f.Add("start_ms", fault.OutOfRange, "min", "0", "max", digits(last))
		return
	}
	if least, most := c.Start+shortestClip, min(c.Start+longestClip, end); c.End < least || c.End > most {
		f.Add("end_ms", fault.OutOfRange, "min", digits(least), "max", digits(most))
	}
}

func digits(t Millis) string { return strconv.FormatInt(int64(t), 10) }

// Fragment is the clip's place in a recording as the end of its URL: "#t=12.5,45.25", in seconds
// (https://www.w3.org/TR/media-frags/, 4.2.1).
func (c Clip) Fragment() string {
	seconds := func(t Millis) string { return strconv.FormatFloat(t.Seconds(), 'f', -1, 64) }
	return "#t=" + seconds(c.Start) + "," + seconds(c.End)
}

// Between returns what was said from start to end: the words of which more than half lies inside, as segments.
func (t Transcript) Between(start, end Millis) []Segment {
	cut := Transcript{Utterances: make([]Utterance, len(t.Utterances))} // the speakers stay who they are in the whole
	for i, u := range t.Utterances {
		words := u.Words
		u.Words = nil
		for _, w := range words {
			if middle := (w.Start + w.End) / 2; w.isTimed() && middle >= start && middle < end {
				u.Words = append(u.Words, w)
			}
		}
		cut.Utterances[i] = u
	}
	return cut.Segments()
}

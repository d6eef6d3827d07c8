package meetings

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// TranscriptFormat is a form in which a transcript leaves the house: the ending of its file's name.
type TranscriptFormat string

// Formats.
const (
	WebVTT   TranscriptFormat = "vtt" // W3C WebVTT, with a voice tag a caption
	SubRip   TranscriptFormat = "srt" // as players read it; there is no standard
	Text     TranscriptFormat = "txt" // a "[mm:ss] Name: text" line an utterance
	Markdown TranscriptFormat = "md"  // CommonMark, with the meeting's title
)

// TranscriptFormats returns every format.
func TranscriptFormats() []TranscriptFormat {
	return []TranscriptFormat{WebVTT, SubRip, Text, Markdown}
}

// IsValid reports whether f is a known format.
func (f TranscriptFormat) IsValid() bool { return slices.Contains(TranscriptFormats(), f) }

// TranscriptFile returns the transcript of a meeting in a format, in UTF-8. Dates are in the zone.
func TranscriptFile(m Meeting, t Transcript, f TranscriptFormat, zone *time.Location) string {
	switch f {
	case WebVTT:
		return webVTT(t)
	case SubRip:
		return subRip(t)
	case Markdown:
		return markdown(m, t, zone)
	default:
		var b strings.Builder
		for _, s := range t.Segments() {
			fmt.Fprintf(&b, "[%s] %s: %s\n", s.StartMS.Clock(), oneSpaced(s.Speaker), oneSpaced(s.Text))
		}
		return b.String()
	}
}

// TranscriptFileName is what the file is called: what the meeting is, when it was, in the letters that every system takes.
func TranscriptFileName(m Meeting, f TranscriptFormat, zone *time.Location) string {
	const longest = 60
	about := m.Title
	if about == "" {
		about = m.Customer.Company + " " + m.Customer.ContactName
	}
	var parts []string
	length := 0
	for _, word := range foldedWords(about) {
		word = strings.Map(func(r rune) rune {
			if r < 0x80 {
				return r
			}
			return -1
		}, word)
		if length += len(word) + 1; word != "" && length <= longest {
			parts = append(parts, word)
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "transcript")
	}
	return strings.Join(parts, "-") + "-" + m.OccursAt().In(zone).Format(time.DateOnly) + "." + string(f)
}

// webVTT follows https://www.w3.org/TR/webvtt1/: in text and in annotations &, < and > are character references.
func webVTT(t Transcript) string {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\x00", "")
	var b strings.Builder
	b.WriteString("WEBVTT\n")
	for i, c := range t.Captions() {
		lines := slices.DeleteFunc(slices.Clone(c.Lines), func(line string) bool { return line == "" })
		fmt.Fprintf(&b, "\n%d\n%s --> %s\n<v %s>%s\n", i+1, cueTime(c.Start, '.'), cueTime(c.End, '.'),
			escape.Replace(oneSpaced(c.Speaker)), escape.Replace(strings.Join(lines, "\n")))
	}
	return b.String()
}

// subRip names the speaker where a turn begins. The format has no way to escape: an arrow in the text, which would pass
// for a time line, is written as one letter.
func subRip(t Transcript) string {
	clean := strings.NewReplacer("-->", "→", "\x00", "")
	var b strings.Builder
	for i, c := range t.Captions() {
		text := strings.Join(c.Lines, "\n")
		if c.Opens {
			text = oneSpaced(c.Speaker) + ": " + text
		}
		fmt.Fprintf(&b, "%d\n%s --> %s\n%s\n\n", i+1, cueTime(c.Start, ','), cueTime(c.End, ','),
			strings.ReplaceAll(clean.Replace(text), ": \n", ":\n"))
	}
	return b.String()
}

// cueTime is a place as "hh:mm:ss.mmm".
func cueTime(t Millis, point rune) string {
	return fmt.Sprintf("%02d:%02d:%02d%c%03d", t/3_600_000, t/60_000%60, t/1000%60, point, t%1000)
}

func markdown(m Meeting, t Transcript, zone *time.Location) string {
	escape := func(s string) string {
		var b strings.Builder
		for _, r := range oneSpaced(s) {
			if strings.ContainsRune("\\`*_[]<>&~#|", r) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
		return b.String()
	}
	about := []string{DateDisplay(m.OccursAt(), zone)}
	for _, more := range []string{m.Customer.Company, m.Customer.ContactName, DurationDisplay(m.Duration())} {
		if more != "" {
			about = append(about, escape(more))
		}
	}
	var b strings.Builder
	if m.Title != "" {
		fmt.Fprintf(&b, "# %s\n\n", escape(m.Title))
	}
	b.WriteString(strings.Join(about, " · ") + "\n")
	for _, s := range t.Segments() {
		fmt.Fprintf(&b, "\n**[%s] %s:** %s\n", s.StartMS.Clock(), escape(s.Speaker), escape(s.Text))
	}
	return b.String()
}

package meetings

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// TrackerID names a tracker.
type TrackerID string

// String returns the canonical UUID text.
func (id TrackerID) String() string { return string(id) }

// Codes of trackers.
const (
	TrackerNotFound fault.Code = "TRACKER_NOT_FOUND"
	TrackerExists   fault.Code = "TRACKER_EXISTS"
	TooManyTrackers fault.Code = "TOO_MANY_TRACKERS" // params: max
)

// Side is whose words a tracker counts.
type Side string

// Sides.
const (
	AnySide   Side = "any"
	RepSide   Side = "rep"   // the rep and whoever has an address at the rep's company
	GuestSide Side = "guest" // everybody else
)

// Sides returns every side.
func Sides() []Side { return []Side{AnySide, RepSide, GuestSide} }

// IsValid reports whether s is a known side.
func (s Side) IsValid() bool { return slices.Contains(Sides(), s) }

// Bounds of trackers.
const (
	MaxTrackers    = 100 // of a workspace
	maxTerms       = 50  // of a tracker
	maxTrackerText = 80  // characters of a name or a term
)

// Tracker is a topic that is counted wherever it comes up: words and phrases that stand for it.
type Tracker struct {
	ID        TrackerID
	Workspace kernel.WorkspaceID
	Name      string
	Terms     []string
	Side      Side
	Revision  int // goes up when what is counted changes
	Counted   int // the revision of which every meeting is counted
	CreatedAt time.Time
	UpdatedAt time.Time
}

// IsReady reports whether every earlier meeting has been counted.
func (t Tracker) IsReady() bool { return t.Counted == t.Revision }

// Tidy returns the tracker without surrounding spaces and without a term twice: accents and case do not tell terms apart.
func (t Tracker) Tidy() Tracker {
	t.Name = oneSpaced(TidyText(t.Name))
	seen := map[string]bool{}
	terms := []string{}
	for _, term := range t.Terms {
		term = oneSpaced(TidyText(term))
		if key := strings.Join(foldedWords(term), " "); key == "" || !seen[key] {
			seen[key] = true
			terms = append(terms, term)
		}
	}
	t.Terms = terms
	return t
}

// Check notes every rule that a tidy tracker breaks.
func (t Tracker) Check(f *fault.Fields) {
	longest := strconv.Itoa(maxTrackerText)
	f.Require(t.Name != "", "name", fault.Required)
	f.Require(utf8.RuneCountInString(t.Name) <= maxTrackerText, "name", fault.TooLong, "max", longest)
	f.Require(len(t.Terms) > 0, "terms", fault.Required)
	f.Require(len(t.Terms) <= maxTerms, "terms", fault.OutOfRange, "min", "1", "max", strconv.Itoa(maxTerms))
	for i, term := range t.Terms {
		name := "terms[" + strconv.Itoa(i) + "]"
		f.Require(len(foldedWords(term)) > 0, name, fault.Required)
		f.Require(utf8.RuneCountInString(term) <= maxTrackerText, name, fault.TooLong, "max", longest)
	}
	f.Require(t.Side.IsValid(), "side", fault.OneOf, "allowed", "any, rep, guest")
}

// CountsAs reports whether both trackers count the same.
func (t Tracker) CountsAs(o Tracker) bool { return t.Side == o.Side && slices.Equal(t.Terms, o.Terms) }

// Mention is one time that a tracker's topic comes up: when the words are said, and the utterance around them.
type Mention struct {
	Term       string // as the tracker has it
	Speaker    string
	Start, End Millis // of the words
	Excerpt
}

// Mentions returns where the tracker's terms come up, in the transcript's order: whole words, whatever their accents and
// case and whatever stands between them. Of terms that overlap the longest counts. Where the rep is not told among the
// speakers, a tracker of one side finds nothing.
func (t Tracker) Mentions(tr Transcript, rep RepIdentity) []Mention {
	known := &phraseBook[string]{}
	for _, term := range t.Terms {
		known.add(foldedWords(term), term)
	}
	cast := castOf(tr)
	seller := cast.find(rep)
	ours := cast.side(seller)
	var found []Mention
	var last Millis
	for i, u := range tr.Utterances {
		words := u.shown(last)
		if len(words) == 0 {
			continue
		}
		last = words[len(words)-1].End
		isOurs := ours[cast.speaker[i]]
		if t.Side != AnySide && (seller == nobody || isOurs != (t.Side == RepSide)) {
			continue
		}
		for _, m := range mentionsIn(words, known) {
			m.Speaker = cast.nameOf(i)
			found = append(found, m)
		}
	}
	return found
}

func mentionsIn(words []Word, known *phraseBook[string]) []Mention {
	text, starts := lineUp(words)
	text = strings.TrimSuffix(text, " ")
	tokens := tokensOf(text)
	keys := make([]string, len(tokens))
	for i, t := range tokens {
		keys[i] = fold(text[t.from:t.to])
	}
	var found []Mention
	word := 0
	for i := 0; i < len(tokens); {
		n, term := known.longest(len(tokens)-i, func(at int) string { return keys[i+at] })
		if n == 0 {
			i++
			continue
		}
		hit := span{tokens[i].from, tokens[i+n-1].to}
		for starts[word+1] <= hit.from {
			word++
		}
		first := word
		for starts[word+1] < hit.to {
			word++
		}
		found = append(found, Mention{Term: term, Start: words[first].Start, End: words[word].End, Excerpt: excerptOf(text, []span{hit})})
		i += n
	}
	return found
}

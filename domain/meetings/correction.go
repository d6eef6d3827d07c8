package meetings

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// CorrectionID names a transcript correction.
type CorrectionID string

// String returns the canonical UUID text.
func (id CorrectionID) String() string { return string(id) }

// Codes of corrections.
const (
	CorrectionNotFound fault.Code = "TRANSCRIPT_CORRECTION_NOT_FOUND"
	CorrectionExists   fault.Code = "TRANSCRIPT_CORRECTION_EXISTS" // another one is for the same words
	CorrectionLimit    fault.Code = "TRANSCRIPT_CORRECTION_LIMIT"  // params: max
)

// MaxCorrections is how many a workspace may have: each is read and compiled before a transcript is.
const MaxCorrections = 5000

// Correction is a word, or a few in a row, that speech recognition gets wrong, and what it should have heard.
type Correction struct {
	ID        CorrectionID
	Workspace kernel.WorkspaceID
	Wrong     string
	Right     string
	Active    bool
	CreatedBy kernel.RepID
	CreatedAt time.Time
	UpdatedAt time.Time
}

const maxCorrection = 200

// Tidy returns the correction with single spaces, and none around it.
func (c Correction) Tidy() Correction {
	c.Wrong, c.Right = oneSpaced(TidyText(c.Wrong)), oneSpaced(TidyText(c.Right))
	return c
}

// Key is what a stretch of a transcript is recognised by: the words of Wrong and what separates them, in lower case. Two
// corrections of the same key are for the same words.
func (c Correction) Key() string {
	wrong := oneSpaced(c.Wrong)
	tokens := tokensOf(wrong)
	if len(tokens) == 0 {
		return ""
	}
	return strings.ToLower(wrong[tokens[0].from:tokens[len(tokens)-1].to])
}

// Check notes every rule that the correction breaks.
func (c Correction) Check(f *fault.Fields) {
	f.Require(c.Key() != "", "wrong", fault.Required)
	f.Require(strings.TrimSpace(c.Right) != "", "right", fault.Required)
	f.Require(c.Right == "" || c.Right != c.Wrong, "right", fault.SameAs, "other", "wrong")
	f.Require(utf8.RuneCountInString(c.Wrong) <= maxCorrection, "wrong", fault.TooLong, "max", "200")
	f.Require(utf8.RuneCountInString(c.Right) <= maxCorrection, "right", fault.TooLong, "max", "200")
}

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

// CorrectionNotFound is the code for a correction that is not there.
const CorrectionNotFound fault.Code = "TRANSCRIPT_CORRECTION_NOT_FOUND"

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

// Check notes every rule that the correction breaks.
func (c Correction) Check(f *fault.Fields) {
	f.Require(strings.ContainsFunc(c.Wrong, isWordRune), "wrong", fault.Required)
	f.Require(strings.TrimSpace(c.Right) != "", "right", fault.Required)
	f.Require(utf8.RuneCountInString(c.Wrong) <= maxCorrection, "wrong", fault.TooLong, "max", "200")
	f.Require(utf8.RuneCountInString(c.Right) <= maxCorrection, "right", fault.TooLong, "max", "200")
}

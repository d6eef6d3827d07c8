// Package agents holds what an AI agent of a workspace is: who it is for, what it is told, on which model and with which
// parameters it runs, and which models there are. It knows no provider's client, no table and no route.
package agents

import (
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Key names an agent within its workspace, for good: chats, files and analyses refer to it.
type Key string

// String returns the key as the wire writes it.
func (k Key) String() string { return string(k) }

// Kind tells what an agent is for.
type Kind string

// Kinds.
const (
	Evaluator Kind = "evaluator" // judges a meeting when it is over; every workspace has the same ones
	FollowUp  Kind = "followup"  // answers people's questions about a meeting
)

// Limits of what an admin may write.
const (
	MaxAgents       = 100    // in a workspace, so that its list needs no pages
	MaxName         = 80     // characters
	MaxInstructions = 32_000 // characters
	MaxQuestions    = 8
	MaxQuestion     = 200 // characters
)

// Agent is one AI agent. Its instructions have versions; everything else is as it was last set.
type Agent struct {
	Workspace          kernel.WorkspaceID
	Key                Key
	Kind               Kind
	DisplayName        string
	Instructions       string
	Version            int    // of the instructions, from 1
	Model              string // empty: the default of its kind
	Params             Params
	SuggestedQuestions []string      // at most MaxQuestions
	MeetingTypes       []MeetingType // empty: every type
	Subtype            Subtype       // of an evaluator of sales meetings, else empty
	StoreID            string        // the provider's vector store of its files; empty while it has none
	Position           int           // in lists
	Active             bool          // an archived agent answers nobody and keeps its history
	CreatedAt          time.Time
	UpdatedAt          time.Time
}

// Params are sent to a model that takes them. Nil leaves a parameter to the model.
type Params struct {
	Temperature *float64 // 0–2
	TopP        *float64 // 0–1
}

// Version is what an agent was told from a time on.
type Version struct {
	Number       int
	Instructions string
	EditedBy     Editor
	CreatedAt    time.Time
}

// Editor is who wrote a version. It is empty where that came with the product, or a service wrote it.
type Editor struct {
	ID   kernel.RepID
	Name string
}

// Serves reports whether the agent is for meetings of that type.
func (a Agent) Serves(t MeetingType) bool {
	return len(a.MeetingTypes) == 0 || slices.Contains(a.MeetingTypes, t)
}

// Answers reports whether people may ask the agent about a meeting of that type.
func (a Agent) Answers(t MeetingType) bool { return a.Kind == FollowUp && a.Active && a.Serves(t) }

// HasStore reports whether the agent has files to search in.
func (a Agent) HasStore() bool { return a.StoreID != "" }

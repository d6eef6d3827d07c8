package agentsuc

import "github.com/tertulia-dev/tertulia/usecase/port"

// Shared are the ports that every capability shares.
type Shared struct {
	Tx     port.Transactor
	Reader port.Reader
	Jobs   port.Jobs
	Events port.Events
	Clock  port.Clock
	IDs    port.IDs
}

// Storage is where agents are kept.
type Storage struct {
	Agents   Agents
	Versions Versions
	Notices  ModelNotices
	Admins   Admins
}

// Neighbours are the other capabilities, as far as agents need them.
type Neighbours struct {
	Meetings Meetings
	Prices   Prices
	Provider ModelList
}

// Settings are what an operator chooses.
type Settings struct {
	EvaluatorModel string // the default of evaluators
	ChatModel      string // the default of follow-up agents, and what detects the stage of a sale
}

// UseCases are the agents as the adapters see them.
type UseCases struct {
	Create           *CreateAgent
	EditInstructions *EditInstructions
	SetQuestions     *SetQuestions
	SetModel         *SetModel
	SetParams        *SetParams
	Rename           *RenameAgent
	Archive          *ArchiveAgent
	CompareModels    *CompareModels
	Queries          *Queries
}

// New builds the use cases.
func New(p Shared, s Storage, n Neighbours, settings Settings) *UseCases {
	r := newRegistry(p, s)
	c := &changer{registry: r}
	m := newModels(p, s, settings)
	return &UseCases{
		Create:           &CreateAgent{registry: r, models: m},
		EditInstructions: &EditInstructions{changer: c, versions: s.Versions},
		SetQuestions:     &SetQuestions{changer: c},
		SetModel:         &SetModel{changer: c, models: m},
		SetParams:        &SetParams{changer: c},
		Rename:           &RenameAgent{changer: c},
		Archive:          &ArchiveAgent{changer: c},
		CompareModels:    &CompareModels{registry: r, models: m, list: n.Provider, news: newNews(p, s)},
		Queries:          &Queries{registry: r, models: m, versions: s.Versions, meetings: n.Meetings, prices: n.Prices},
	}
}

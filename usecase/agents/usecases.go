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
	Files    Files
	Learning LearningStorage
}

// Neighbours are the other capabilities, as far as agents need them.
type Neighbours struct {
	Meetings       Meetings
	Prices         Prices
	Judgements     Judgements
	ProviderModels ModelList
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
	Knowledge        *Knowledge
	Learning         *Learning
}

// New builds the use cases.
func New(p Shared, s Storage, n Neighbours, v Provider, settings Settings) *UseCases {
	r := newRegistry(p, s)
	c := &changer{registry: r}
	m := newModels(p, s, settings)
	l := &librarian{registry: r, files: s.Files, stores: v.Stores, library: v.Library, jobs: p.Jobs, ids: p.IDs}
	return &UseCases{
		Create:           &CreateAgent{registry: r, models: m},
		EditInstructions: &EditInstructions{changer: c, versions: s.Versions},
		SetQuestions:     &SetQuestions{changer: c},
		SetModel:         &SetModel{changer: c, models: m},
		SetParams:        &SetParams{changer: c},
		Rename:           &RenameAgent{changer: c},
		Archive:          &ArchiveAgent{changer: c},
		CompareModels:    &CompareModels{registry: r, models: m, list: n.ProviderModels, news: newNews(p, s)},
		Knowledge:        newKnowledge(l, v.Sniffer),
		Learning:         newLearning(p, l, s.Learning, n),
		Queries:          &Queries{registry: r, models: m, versions: s.Versions, meetings: n.Meetings, prices: n.Prices},
	}
}

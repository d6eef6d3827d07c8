package agentsuc

import "github.com/tertulia-dev/tertulia/usecase/port"

// ChatShared are the shared ports that chats use.
type ChatShared struct {
	Shared
	Keys port.Idempotency
}

// ChatStorage is where chats are kept.
type ChatStorage struct {
	Chats    Chats
	Messages ChatMessages
	Runs     Runs
}

// ChatVendors are who is spoken to.
type ChatVendors struct {
	Model         Answerer
	Conversations Conversations
}

// ChatNeighbours are what else chats need to know.
type ChatNeighbours struct {
	Material Material
	Usage    UsageLedger
}

// ChatUseCases are the chats as the adapters see them.
type ChatUseCases struct {
	Ask            *AskAgent
	Follow         *FollowRun
	Reset          *ResetChat
	EndInterrupted *EndInterrupted
	Forget         *DeleteConversation
	Queries        *ChatQueries
	Runner         *Runner
}

// NewChats builds the use cases of chats with the agents that q knows.
func NewChats(p ChatShared, s ChatStorage, v ChatVendors, n ChatNeighbours, q *Queries, settings RunSettings) *ChatUseCases {
	r := newRunner(p.Shared, s, v, n.Usage, q.models, settings)
	reader := &ChatQueries{Runner: r, agents: q}
	return &ChatUseCases{
		Ask:            &AskAgent{Runner: r, agents: q, material: n.Material, keys: p.Keys},
		Follow:         &FollowRun{ChatQueries: reader},
		Reset:          &ResetChat{ChatQueries: reader},
		EndInterrupted: &EndInterrupted{Runner: r},
		Forget:         &DeleteConversation{tx: p.Tx, jobs: p.Jobs, conversations: v.Conversations},
		Queries:        reader,
		Runner:         r,
	}
}

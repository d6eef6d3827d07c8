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
	Agents Agents
}

// Neighbours are the other capabilities, as far as agents need them.
type Neighbours struct {
	Meetings Meetings
}

// UseCases are the agents as the adapters see them.
type UseCases struct {
	Queries *Queries
}

// New builds the use cases.
func New(p Shared, s Storage, n Neighbours) *UseCases {
	r := &registry{tx: p.Tx, reader: p.Reader, agents: s.Agents, clock: p.Clock}
	return &UseCases{
		Queries: &Queries{registry: r, meetings: n.Meetings},
	}
}

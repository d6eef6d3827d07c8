package notificationsuc

import "github.com/tertulia-dev/tertulia/usecase/port"

// UseCases are the notifications as the adapters see them.
type UseCases struct {
	Notify      *Notify
	MarkAllRead *MarkAllRead
	MarkRead    *MarkRead
	DeleteRead  *DeleteRead
	Queries     *Queries
}

// New builds the use cases.
func New(tx port.Transactor, reader port.Reader, store Notifications, ids port.IDs, clock port.Clock) *UseCases {
	return &UseCases{
		Notify:      &Notify{tx: tx, store: store, ids: ids, clock: clock},
		MarkRead:    &MarkRead{tx: tx, store: store, clock: clock},
		MarkAllRead: &MarkAllRead{tx: tx, store: store, clock: clock},
		DeleteRead:  &DeleteRead{tx: tx, store: store},
		Queries:     &Queries{reader: reader, store: store},
	}
}

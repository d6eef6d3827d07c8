package billinguc

import (
	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// UseCases are the usage ledger as the adapters see it.
type UseCases struct {
	Record  *RecordUsage
	Queries *Queries
}

// New builds the use cases around the one that other capabilities write through.
func New(record *RecordUsage, reader port.Reader, reports Reports, meetings Meetings, clock port.Clock) *UseCases {
	return &UseCases{Record: record, Queries: &Queries{reader: reader, reports: reports, meetings: meetings, clock: clock}}
}

// NewRecordUsage builds the use case that other capabilities write through. It needs none of them.
func NewRecordUsage(tx port.Transactor, ledger Ledger, prices billing.PriceList, ids port.IDs) *RecordUsage {
	return &RecordUsage{tx: tx, ledger: ledger, prices: prices, ids: ids}
}

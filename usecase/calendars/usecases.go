package calendarsuc

// Storage is where calendars are kept.
type Storage struct {
	Feeds    Feeds
	Reads    FeedReads
	Events   Events
	Bookings Bookings
}

// UseCases are the calendars as the adapters see them.
type UseCases struct {
	Add     *AddFeed
	Remove  *RemoveFeed
	Poll    *PollFeed
	Queries *Queries
}

// New builds the use cases.
func New(p Shared, s Storage, source Source, calls Calls) *UseCases {
	b := &booker{Shared: p, Storage: s, calls: calls}
	return &UseCases{
		Add:     &AddFeed{Shared: p, Storage: s},
		Remove:  &RemoveFeed{booker: b},
		Poll:    &PollFeed{booker: b, source: source},
		Queries: &Queries{Shared: p, Storage: s},
	}
}

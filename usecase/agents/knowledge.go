package agentsuc

// Provider is who keeps what agents search in.
type Provider struct {
	Stores  Stores
	Library Library
	Sniffer Sniffer
}

// Knowledge is what can be done with the files of agents.
type Knowledge struct {
	Add     *AddFile
	Remove  *RemoveFile
	Share   *ShareStore
	Queries *FileQueries

	Settle  *FileSettler
	Tidy    *StoreTidier
	Restore *StoreRestorer
}

func newKnowledge(l *librarian, s Sniffer) *Knowledge {
	return &Knowledge{
		Add: &AddFile{librarian: l, sniffer: s}, Remove: &RemoveFile{l}, Share: &ShareStore{l}, Queries: &FileQueries{l},
		Settle: &FileSettler{l}, Tidy: &StoreTidier{l}, Restore: &StoreRestorer{l},
	}
}

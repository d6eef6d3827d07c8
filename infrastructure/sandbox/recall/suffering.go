package recall

import "slices"

// suffer lets the faults of a transcript happen, and reports whether there were any.
func (c conversation) suffer(f Faults) (conversation, bool) {
	if f.EmptyTranscript {
		return conversation{}, true
	}
	changed := false
	if f.TranscriptHours > 0 && c.end() > 0 {
		c, changed = c.goOn(f.TranscriptHours*3600), true
	}
	if f.Rejoin && len(c) > 1 {
		c, changed = c.rejoin(), true
	}
	if f.SameNames {
		c, changed = c.sameNames(), true
	}
	if f.NullSpeaker && len(c) > 0 {
		c, changed = slices.Clone(c), true
		c[0].Participant = Participant{}
	}
	return c, changed
}

// goOn repeats a conversation until it fills so many seconds.
func (c conversation) goOn(seconds float64) conversation {
	long, round := slices.Clone(c), c.end()+1
	for start := round; start < seconds; start += round {
		for _, u := range c {
			long = append(long, u.moved(-start))
		}
	}
	head, _ := long.cut(seconds)
	return head
}

// rejoin gives the first speaker another id in the second half, as after leaving and joining again.
func (c conversation) rejoin() conversation {
	c = slices.Clone(c)
	first, again := c[0].Participant, 0
	for _, u := range c {
		if u.Participant.ID != nil {
			again = max(again, *u.Participant.ID+1)
		}
	}
	for i := len(c) / 2; i < len(c); i++ {
		if c[i].Participant.is(first) {
			c[i].Participant.ID = &again
		}
	}
	return c
}

// sameNames gives the second speaker the first one's name.
func (c conversation) sameNames() conversation {
	c = slices.Clone(c)
	second := slices.IndexFunc(c, func(u utterance) bool { return !u.Participant.is(c[0].Participant) })
	if second < 0 {
		return c
	}
	other := c[second].Participant
	for i := range c {
		if c[i].Participant.is(other) {
			c[i].Participant.Name = c[0].Participant.Name
		}
	}
	return c
}

// is tells whether two participants are the same: the same id, or without ids the same name.
func (p Participant) is(other Participant) bool {
	if p.ID != nil && other.ID != nil {
		return *p.ID == *other.ID
	}
	return p.Name != nil && other.Name != nil && *p.Name == *other.Name
}

// participants are the speakers, in order of their first word.
func (c conversation) participants() []Participant {
	var all []Participant
	for _, u := range c {
		if !slices.ContainsFunc(all, u.Participant.is) && (u.Participant.ID != nil || u.Participant.Name != nil) {
			all = append(all, u.Participant)
		}
	}
	return all
}

// meet lets the given participants join: those with the name of a speaker lend it their details, the others are silent.
// It returns the conversation with the details, and everybody who is there.
func (c conversation) meet(given []Participant) (conversation, []Participant) {
	c = slices.Clone(c)
	next := 100
	for i := range c {
		for _, p := range given {
			c[i].Participant = c[i].Participant.with(p)
		}
		if id := c[i].Participant.ID; id != nil {
			next = max(next, *id+1)
		}
	}
	all := c.participants()
	for _, p := range given {
		if !slices.ContainsFunc(all, func(q Participant) bool { return sameName(p, q) }) {
			if p.ID == nil {
				id := next
				p.ID = &id
				next++
			}
			all = append(all, p)
		}
	}
	return c, all
}

func sameName(p, q Participant) bool { return p.Name != nil && q.Name != nil && *p.Name == *q.Name }

// with is p with the details that q knows, when both have the same name.
func (p Participant) with(q Participant) Participant {
	if !sameName(p, q) {
		return p
	}
	if q.ID != nil {
		p.ID = q.ID
	}
	if q.Email != nil {
		p.Email = q.Email
	}
	if q.IsHost != nil {
		p.IsHost = q.IsHost
	}
	if q.Platform != nil {
		p.Platform = q.Platform
	}
	if len(q.ExtraData) > 0 {
		p.ExtraData = q.ExtraData
	}
	return p
}

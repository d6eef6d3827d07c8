package meetings

import (
	"fmt"
	"strings"
)

// person is one human in a meeting, however often they joined.
type person struct {
	id, name, email string
}

// cast tells who spoke each utterance of a transcript.
type cast struct {
	people  []person
	speaker []int // by utterance, an index into people
}

// castOf gathers the vendor's speakers into people: the same e-mail is one person; so is the same name, case, accents
// and spaces aside, unless two e-mails tell otherwise; a speaker without either goes by the vendor's ID.
func castOf(t Transcript) cast {
	c := cast{speaker: make([]int, len(t.Utterances))}
	seen := map[Speaker]int{}
	for i, u := range t.Utterances {
		at, ok := seen[u.Speaker]
		if !ok {
			at = c.admit(u.Speaker)
			seen[u.Speaker] = at
		}
		c.speaker[i] = at
	}
	return c
}

func (c *cast) admit(s Speaker) int {
	s.Name, s.Email = strings.TrimSpace(s.Name), strings.ToLower(strings.TrimSpace(s.Email))
	for i := range c.people {
		if p := &c.people[i]; p.is(s) {
			if p.name == "" {
				p.name = s.Name
			}
			if p.email == "" {
				p.email = s.Email
			}
			return i
		}
	}
	c.people = append(c.people, person{id: s.ID, name: s.Name, email: s.Email})
	return len(c.people) - 1
}

func (p person) is(s Speaker) bool {
	switch {
	case p.email != "" && s.Email != "":
		return p.email == s.Email
	case p.name != "" && s.Name != "":
		return sameName(p.name, s.Name)
	case p.id == "" && s.ID == "":
		return p.name+p.email == "" && s.Name+s.Email == "" // whoever nothing is known of is one
	default: // at least one of them has not told a name yet
		return p.id == s.ID
	}
}

func sameName(a, b string) bool {
	return strings.Join(foldedWords(a), " ") == strings.Join(foldedWords(b), " ")
}

// name returns what the person is called: "Orador 2" when the vendor does not tell.
func (c cast) name(person int) string {
	if name := c.people[person].name; name != "" {
		return name
	}
	return fmt.Sprintf("Orador %d", person+1)
}

// nameOf returns the name of the one who spoke the utterance.
func (c cast) nameOf(utterance int) string { return c.name(c.speaker[utterance]) }

const nobody = -1

// find returns the seller's index: by e-mail, then by the whole name, then by at least two words of it in a longer or
// shorter form ("Ana López (Acme)"), and nobody when no one or more than one fits.
func (c cast) find(rep RepIdentity) int {
	if email := strings.ToLower(strings.TrimSpace(rep.Email)); email != "" {
		for i, p := range c.people {
			if p.email == email {
				return i
			}
		}
	}
	name := foldedWords(rep.Name)
	if len(name) == 0 {
		return nobody
	}
	if i := c.only(func(p person) bool { return sameName(p.name, rep.Name) }); i != nobody {
		return i
	}
	return c.only(func(p person) bool { return shareName(foldedWords(p.name), name) })
}

func (c cast) only(fits func(person) bool) int {
	found := nobody
	for i, p := range c.people {
		if !fits(p) {
			continue
		}
		if found != nobody {
			return nobody
		}
		found = i
	}
	return found
}

// shareName reports whether the shorter name has at least two words and all of them are in the longer one.
func shareName(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 2 {
		return false
	}
	in := map[string]bool{}
	for _, w := range b {
		in[w] = true
	}
	for _, w := range a {
		if !in[w] {
			return false
		}
	}
	return true
}

// side tells who sits on the seller's side: the seller, and whoever has an address at the seller's company. It is nobody
// when the seller is unknown.
func (c cast) side(seller int) []bool {
	ours := make([]bool, len(c.people))
	if seller == nobody {
		return ours
	}
	ours[seller] = true
	company := companyOf(c.people[seller].email)
	for i, p := range c.people {
		if company != "" && companyOf(p.email) == company {
			ours[i] = true
		}
	}
	return ours
}

// companyOf returns the domain of an address, "" for those that anybody can have.
func companyOf(email string) string {
	_, domain, _ := strings.Cut(email, "@")
	name, _, _ := strings.Cut(domain, ".")
	switch name {
	case "gmail", "googlemail", "outlook", "hotmail", "live", "msn", "yahoo", "icloud", "me", "proton", "protonmail", "aol":
		return ""
	}
	return domain
}

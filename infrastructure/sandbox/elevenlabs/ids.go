package elevenlabs

import "time"

// crockford is ULID's alphabet, in the lower case that ElevenLabs uses.
const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

// newID makes an identifier as ElevenLabs does: a prefix, two digits, and a ULID whose first ten characters are the time
// in milliseconds.
func (d *Double) newID(prefix string, at time.Time) string {
	id := append(make([]byte, 0, len(prefix)+29), prefix...)
	id = append(id, '_', '0'+byte(d.random.IntN(10)), '0'+byte(d.random.IntN(10)))
	ms := uint64(at.UnixMilli())
	for shift := 45; shift >= 0; shift -= 5 {
		id = append(id, crockford[ms>>shift&31])
	}
	for range 2 {
		bits := d.random.Uint64()
		for range 8 {
			id = append(id, crockford[bits&31])
			bits >>= 5
		}
	}
	return string(id)
}

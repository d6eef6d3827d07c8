package recall

// A frame of MPEG-2 Layer III at 8 kbit/s and 16 kHz, mono, the least there is (ISO/IEC 13818-3): 36 bytes for 36 ms, 1,000
// bytes a second. Silence needs no more, and whoever plays many meetings copies it all.
const (
	frameBytes     = 36
	bytesPerSecond = 1000
)

// newMP3 is silence of a given size; a size of 0 is that of so many seconds. A frame whose side information is all
// zero is silent; the frame's number is in its last bytes, which decoders skip as ancillary data.
func newMP3(seconds float64, size int64) patterned {
	if size == 0 {
		size = max(int64(seconds*bytesPerSecond)/frameBytes, 1) * frameBytes
	}
	return patterned{size: size, tail: silence}
}

func silence(p []byte, offset int64) {
	header := [4]byte{0xff, 0xf3, 0x18, 0xc0}
	for i := range p {
		at := offset + int64(i)
		number, within := at/frameBytes, at%frameBytes
		switch {
		case within < int64(len(header)):
			p[i] = header[within]
		case within >= frameBytes-4:
			p[i] = byte(number>>(8*(frameBytes-1-within))) & 0x7f // never a sync word
		default:
			p[i] = 0
		}
	}
}

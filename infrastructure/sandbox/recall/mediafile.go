package recall

import (
	"encoding/binary"
	"io"
)

// Media is made while it is read, so that a recording of any size needs no memory. It is the same on every read.

// patterned is a file of a head and a tail that is computed from the offset.
type patterned struct {
	head []byte
	size int64
	tail func(p []byte, offset int64)
}

// ReadAt reads at an offset.
func (f patterned) ReadAt(p []byte, offset int64) (int, error) {
	if offset >= f.size {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), f.size-offset))
	copied := 0
	if offset < int64(len(f.head)) {
		copied = copy(p[:n], f.head[offset:])
	}
	if copied < n {
		f.tail(p[copied:n], offset+int64(copied))
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// reader reads the whole file, with seeking.
func (f patterned) reader() io.ReadSeeker { return io.NewSectionReader(f, 0, f.size) }

// noise fills p with bytes that depend on nothing but their offset, so that a wrongly joined download is noticed.
// Eight bytes at a time: SplitMix64 of their position (Steele, Lea, Flood 2014).
func noise(p []byte, offset int64) {
	var word [8]byte
	for len(p) > 0 {
		z := (uint64(offset/8) + 1) * 0x9e3779b97f4a7c15
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		binary.LittleEndian.PutUint64(word[:], z^z>>31)
		n := copy(p, word[offset%8:])
		p, offset = p[n:], offset+int64(n)
	}
}

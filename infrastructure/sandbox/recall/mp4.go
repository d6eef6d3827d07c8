package recall

import (
	"bytes"
	"encoding/binary"
	"math"
)

// usualVideo is the size of a video in bytes, unless the script asks for another.
const usualVideo = 256 << 10

// newMP4 is a playable video of one grey picture that lasts for the given seconds, padded with a free box to a size
// (at least the picture's own kilobyte). Boxes as in ISO/IEC 14496-12.
func newMP4(seconds float64, size int64) patterned {
	if size == 0 {
		size = usualVideo
	}
	head := mp4Head(uint32(min(seconds*1000, math.MaxUint32)))
	padding := size - int64(len(head))
	switch {
	case padding <= 0:
		padding = 0
	case padding < 8:
		padding = 8
	}
	size = int64(len(head)) + padding
	switch {
	case padding > math.MaxUint32:
		head = append(head, box("free")...)
		binary.BigEndian.PutUint32(head[len(head)-8:], 1) // the size follows in 64 bits
		head = binary.BigEndian.AppendUint64(head, uint64(padding))
	case padding > 0:
		head = append(head, box("free")...)
		binary.BigEndian.PutUint32(head[len(head)-8:], uint32(padding))
	}
	return patterned{head: head, size: size, tail: noise}
}

// mp4Head is everything before the padding: file type, movie with one track of one sample, and that sample.
func mp4Head(ms uint32) []byte {
	kind := box("ftyp", []byte("isom"), u32(512), []byte("isomiso2avc1mp41"))
	sample := grey()
	offset := len(kind) + len(movie(ms, len(sample), 0)) + 8
	return bytes.Join([][]byte{kind, movie(ms, len(sample), uint32(offset)), box("mdat", sample)}, nil)
}

func movie(ms uint32, sampleSize int, offset uint32) []byte {
	matrix := bytes.Join([][]byte{u32(1 << 16), zero(12), u32(1 << 16), zero(12), u32(1 << 30)}, nil)
	table := box("stbl",
		box("stsd", u32(0, 1), box("avc1", zero(6), u16(1), zero(16), u16(16, 16), u32(72<<16, 72<<16, 0), u16(1),
			zero(32), u16(24, 0xffff), box("avcC", avcConfig()))),
		box("stts", u32(0, 1, 1, ms)),
		box("stsc", u32(0, 1, 1, 1, 1)),
		box("stsz", u32(0, uint32(sampleSize), 1)),
		box("stco", u32(0, 1, offset)))
	media := box("mdia",
		box("mdhd", u32(0, 0, 0, 1000, ms), u16(0x55c4, 0)), // language "und"
		box("hdlr", u32(0, 0), []byte("vide"), zero(12), []byte("video\x00")),
		box("minf", box("vmhd", u32(1), zero(8)), box("dinf", box("dref", u32(0, 1), box("url ", u32(1)))), table))
	return box("moov",
		box("mvhd", u32(0, 0, 0, 1000, ms, 1<<16), u16(0x100), zero(10), matrix, zero(24), u32(2)),
		box("trak", box("tkhd", u32(3, 0, 0, 1, 0, ms), zero(8), u16(0, 0, 0, 0), matrix, u32(320<<16, 320<<16)), media))
}

// avcConfig holds the stream's parameter sets: Baseline, one macroblock of 16 by 16 pixels (ITU-T H.264, 7.3.2).
func avcConfig() []byte {
	sequenceParameters := []byte{0x67, 0x42, 0x00, 0x0a, 0xfb, 0x88}
	pictureParameters := []byte{0x68, 0xce, 0x38, 0x80}
	return bytes.Join([][]byte{
		{1, 0x42, 0x00, 0x0a, 0xff, 0xe1},
		u16(uint16(len(sequenceParameters))), sequenceParameters,
		{1},
		u16(uint16(len(pictureParameters))), pictureParameters,
	}, nil)
}

// grey is one picture: an IDR slice whose only macroblock is uncompressed (I_PCM), all samples at 0x80.
func grey() []byte {
	slice := bytes.Join([][]byte{
		{0x65, 0x88, 0x84, 0x08, 0x68}, bytes.Repeat([]byte{0x80}, 256+64+64), {0x80},
	}, nil)
	return append(u32(uint32(len(slice))), slice...)
}

// box is a box of a type around its content.
func box(name string, content ...[]byte) []byte {
	body := bytes.Join(content, nil)
	return bytes.Join([][]byte{u32(uint32(8 + len(body))), []byte(name), body}, nil)
}

func u32(values ...uint32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

func u16(values ...uint16) []byte {
	var b []byte
	for _, v := range values {
		b = binary.BigEndian.AppendUint16(b, v)
	}
	return b
}

func zero(n int) []byte { return make([]byte, n) }

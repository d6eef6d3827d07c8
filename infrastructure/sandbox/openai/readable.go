package openai

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
	"unicode/utf8"
)

// chunkWords is about how many words one chunk has: half of the vendor's 800 tokens, since its chunks overlap by half.
const chunkWords = 300

// textOf is the text of an uploaded file, by the ending of its name, as far as a double needs it: whole for text and
// docx, and what simple content streams show for pdf. It is not readable when the content is not what the ending says.
func textOf(name string, content []byte) (text string, readable bool) {
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf":
		return pdfText(content), bytes.HasPrefix(content, []byte("%PDF-"))
	case ".docx":
		return docxText(content)
	case ".doc", ".pptx":
		return "", true
	}
	return string(content), len(content) > 0 && utf8.Valid(content) && !bytes.ContainsRune(content, 0)
}

// docxText joins the character data of word/document.xml, a line for each paragraph.
func docxText(content []byte) (string, bool) {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return "", false
	}
	document, err := archive.Open("word/document.xml")
	if err != nil {
		return "", false
	}
	defer func() { _ = document.Close() }()
	var b strings.Builder
	for dec := xml.NewDecoder(io.LimitReader(document, maxFile)); ; {
		token, err := dec.Token()
		if err != nil {
			return b.String(), errors.Is(err, io.EOF)
		}
		switch token := token.(type) {
		case xml.CharData:
			b.Write(token)
		case xml.EndElement:
			if token.Name.Local == "p" {
				b.WriteByte('\n')
			}
		}
	}
}

// pdfText joins the literal strings of the content streams, plain or deflated.
func pdfText(content []byte) string {
	var b strings.Builder
	for rest := content; ; {
		_, after, found := bytes.Cut(rest, []byte("stream"))
		if !found {
			return b.String()
		}
		stream, next, found := bytes.Cut(after, []byte("endstream"))
		if !found {
			return b.String()
		}
		stream = bytes.TrimLeft(stream, "\r\n")
		if inflated, err := zlib.NewReader(bytes.NewReader(stream)); err == nil {
			stream, _ = io.ReadAll(io.LimitReader(inflated, maxFile)) // what could be read will do
		}
		literals(&b, stream)
		rest = next
	}
}

// literals writes each "(…)" of a content stream on a line of its own.
func literals(b *strings.Builder, stream []byte) {
	for {
		_, after, found := bytes.Cut(stream, []byte("("))
		if !found {
			return
		}
		text, rest, found := bytes.Cut(after, []byte(")"))
		if !found {
			return
		}
		if utf8.Valid(text) {
			b.Write(text)
			b.WriteByte('\n')
		}
		stream = rest
	}
}

// chunksOf cuts a text into pieces of whole lines, of about chunkWords words.
func chunksOf(text string) []string {
	var chunks []string
	var b strings.Builder
	words := 0
	for row := range strings.Lines(text) {
		b.WriteString(row)
		if words += len(strings.Fields(row)); words >= chunkWords {
			chunks = append(chunks, strings.TrimSpace(b.String()))
			b.Reset()
			words = 0
		}
	}
	if rest := strings.TrimSpace(b.String()); rest != "" {
		chunks = append(chunks, rest)
	}
	return chunks
}

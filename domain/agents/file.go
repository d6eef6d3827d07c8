package agents

import (
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Limits of knowledge files.
const (
	MaxFiles     = 100      // in a store, so that their list needs no pages
	MaxFileBytes = 20 << 20 // 20 MB
	MaxFileName  = 200      // characters
)

// FileID names a knowledge file, for us; the provider has a name of its own.
type FileID string

// String returns the canonical UUID text.
func (id FileID) String() string { return string(id) }

// FileState is how far a file is on its way into, or out of, a store.
type FileState string

// States: UPLOADING → READING → READY or FAILED; any of them → REMOVING, after which the row is gone.
const (
	FileUploading FileState = "uploading" // on its way to the provider
	FileReading   FileState = "reading"   // the provider reads it
	FileReady     FileState = "ready"     // it can be searched
	FileFailed    FileState = "failed"    // the provider could not read it
	FileRemoving  FileState = "removing"  // it is to go, here and there
)

// File is a document in a store, which every agent of that store searches in.
type File struct {
	Workspace  kernel.WorkspaceID
	ID         FileID
	Store      string // the provider's vector store
	Agent      Key    // whose it was made for
	Name       string
	Type       FileType
	Bytes      int64
	ProviderID string // empty until the provider has it
	State      FileState
	Problem    string       // the provider's code, of a failed file
	Digest     string       // of the lessons in it, as Lessons.Digest; empty for a file that a person uploaded
	UploadedBy kernel.RepID // empty: a service did, or we made it
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// IsLessons reports whether the file is the one that is made of an agent's lessons.
func (f File) IsLessons() bool { return f.Digest != "" }

// RemoteName is what the file is called at the provider: its own name, with the ID in it, so that a file whose upload
// lost its answer is found there and is surely ours.
func (f File) RemoteName() string {
	ending := path.Ext(f.Name)
	return strings.TrimSuffix(f.Name, ending) + "--" + f.ID.String() + ending
}

// FileType is a kind of document that agents can read.
type FileType string

// Types.
const (
	PDF      FileType = "pdf"
	Plain    FileType = "txt"
	Markdown FileType = "md"
	CSV      FileType = "csv"
	Word     FileType = "docx"
)

// FileTypes returns every type.
func FileTypes() []FileType { return []FileType{PDF, Plain, Markdown, CSV, Word} }

// MediaType is the type as HTTP writes it.
func (t FileType) MediaType() string {
	switch t {
	case PDF:
		return "application/pdf"
	case Markdown:
		return "text/markdown"
	case CSV:
		return "text/csv"
	case Word:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	default:
		return "text/plain"
	}
}

// IsText reports whether the type is nothing but text.
func (t FileType) IsText() bool { return t == Plain || t == Markdown || t == CSV }

// Sniffed is what a file's first bytes show that it is.
type Sniffed string

// What content shows.
const (
	SniffedPDF   Sniffed = "pdf"
	SniffedWord  Sniffed = "docx"
	SniffedText  Sniffed = "text"
	SniffedOther Sniffed = "other"
)

// Fits reports whether content that shows as s may be a file of type t.
func (t FileType) Fits(s Sniffed) bool {
	switch t {
	case PDF:
		return s == SniffedPDF
	case Word:
		return s == SniffedWord
	default:
		return t.IsText() && s == SniffedText
	}
}

// NameFile returns a file's name without any folder before it, and its type by its ending.
// Invalid VALIDATION_ERROR for the field X-Filename.
func NameFile(given string) (string, FileType, error) {
	var f fault.Fields
	const field = "X-Filename"
	name := strings.TrimSpace(given[strings.LastIndexAny(given, `/\`)+1:])
	ending := FileType(strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")))
	switch {
	case name == "":
		f.Add(field, fault.Required)
	case utf8.RuneCountInString(name) > MaxFileName:
		f.Add(field, fault.TooLong, "max", "200")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) || strings.TrimSuffix(name, path.Ext(name)) == "":
		f.Add(field, fault.BadFormat, "expected", "catalogo.pdf")
	case !slices.Contains(FileTypes(), ending):
		f.Add(field, FileTypeRule, "allowed", "pdf, txt, md, csv, docx")
	}
	return name, ending, f.Err()
}

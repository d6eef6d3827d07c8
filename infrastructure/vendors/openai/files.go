package openai

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"time"

	sdk "github.com/openai/openai-go/v3"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// File is a file at the provider.
type File struct {
	ID        string
	Name      string
	Bytes     int64
	CreatedAt time.Time
}

// UploadFile sends a file for the use of stores, piece by piece as it is read from content; size is its length in bytes, -1
// when that is not known. The provider knows what a file is by the ending of its name. An error of content is in the chain.
func (c *Client) UploadFile(ctx context.Context, name, contentType string, size int64, content io.Reader) (File, error) {
	const operation = "upload_file"
	before, after, formType, err := formAround(name, contentType)
	if err != nil {
		return File{}, outbound.Failed(vendor, operation, outbound.NotSent, err)
	}
	call := outbound.Call{
		Operation: operation, Method: http.MethodPost, Path: outbound.Path("files"), Length: -1,
		Header: http.Header{"Content-Type": {formType}},
		Body:   io.MultiReader(strings.NewReader(before), content, strings.NewReader(after)),
	}
	if size >= 0 {
		call.Length = int64(len(before)) + size + int64(len(after))
	}
	resp, err := c.http.Stream(ctx, call)
	if err != nil {
		return File{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	var made sdk.FileObject
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&made); err != nil || made.ID == "" {
		return File{}, outbound.Failed(vendor, operation, outbound.Unknown, fmt.Errorf("no usable answer (%T)", err))
	}
	return toFile(made), nil
}

// formAround returns what comes before and after the content in a multipart form, and the form's type.
func formAround(name, contentType string) (before, after, formType string, err error) {
	var b strings.Builder
	form := multipart.NewWriter(&b)
	if err := form.WriteField("purpose", string(sdk.FilePurposeAssistants)); err != nil {
		return "", "", "", fmt.Errorf("write the form: %w", err)
	}
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", multipart.FileContentDisposition("file", name))
	header.Set("Content-Type", contentType)
	if _, err := form.CreatePart(header); err != nil {
		return "", "", "", fmt.Errorf("write the form: %w", err)
	}
	before = b.String()
	if err := form.Close(); err != nil {
		return "", "", "", fmt.Errorf("write the form: %w", err)
	}
	return before, b.String()[len(before):], form.FormDataContentType(), nil
}

// DeleteFile deletes a file, and with it its place in every store. A file that is gone already is no error.
func (c *Client) DeleteFile(ctx context.Context, id string) error {
	const operation = "delete_file"
	if _, err := c.files.Delete(outbound.WithOperation(ctx, operation), id); err != nil {
		return unlessGone(explain(operation, err))
	}
	return nil
}

// FilesSince returns the files for stores that were made at since or later, to find one whose upload lost its answer.
func (c *Client) FilesSince(ctx context.Context, since time.Time) ([]File, error) {
	const operation = "list_files"
	pages := c.files.ListAutoPaging(outbound.WithOperation(ctx, operation), sdk.FileListParams{
		Purpose: sdk.String(string(sdk.FilePurposeAssistants)), Order: sdk.FileListParamsOrderDesc,
	})
	var found []File
	for pages.Next() {
		f := toFile(pages.Current())
		if f.CreatedAt.Before(since.Truncate(time.Second)) {
			break
		}
		found = append(found, f)
	}
	if err := pages.Err(); err != nil {
		return nil, explain(operation, err)
	}
	return found, nil
}

func toFile(f sdk.FileObject) File {
	return File{ID: f.ID, Name: f.Filename, Bytes: f.Bytes, CreatedAt: time.Unix(f.CreatedAt, 0).UTC()}
}

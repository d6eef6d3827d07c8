package openai

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
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

// UploadFile sends a file for the use of stores, piece by piece as it is read from content. The provider knows what a
// file is by the ending of its name.
func (c *Client) UploadFile(ctx context.Context, name, contentType string, content io.Reader) (File, error) {
	const operation = "upload_file"
	body, sender := io.Pipe()
	form := multipart.NewWriter(sender)
	go func() { sender.CloseWithError(writeForm(form, name, contentType, content)) }()
	defer func() { _ = body.Close() }() // frees the writer when the answer came before the body was read
	resp, err := c.http.Stream(ctx, outbound.Call{
		Operation: operation, Method: http.MethodPost, Path: outbound.Path("files"), Body: body, Length: -1,
		Header: http.Header{"Content-Type": {form.FormDataContentType()}},
	})
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

func writeForm(form *multipart.Writer, name, contentType string, content io.Reader) error {
	if err := form.WriteField("purpose", string(sdk.FilePurposeAssistants)); err != nil {
		return fmt.Errorf("write the form: %w", err)
	}
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", multipart.FileContentDisposition("file", name))
	header.Set("Content-Type", contentType)
	part, err := form.CreatePart(header)
	if err != nil {
		return fmt.Errorf("write the form: %w", err)
	}
	if _, err := io.Copy(part, content); err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	return form.Close()
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

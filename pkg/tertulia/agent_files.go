package tertulia

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Files returns what an agent searches in, newest first. Administrators only.
func (a Agents) Files(ctx context.Context, agent string, opts ...CallOption) (AgentFileList, error) {
	return call[AgentFileList](ctx, a.c, request{method: http.MethodGet, path: filesPath(agent)}, opts)
}

// AddFile gives an agent a file to search in: pdf, txt, md, csv or docx, at most 20 MB. The content is sent as it is read,
// so the call is never repeated. Administrators only.
func (a Agents) AddFile(ctx context.Context, agent, name string, content io.Reader, opts ...CallOption) (AgentFile, error) {
	r := request{method: http.MethodPost, path: filesPath(agent), salesRep: a.c.salesRep}
	for _, opt := range opts {
		opt(&r)
	}
	req, err := a.c.httpRequest(ctx, r, nil)
	if err != nil {
		return AgentFile{}, fmt.Errorf("tertulia: make %s %s: %w", r.method, r.path, withoutURL(err))
	}
	req.Body, req.ContentLength, req.GetBody = io.NopCloser(content), -1, nil
	if sized, ok := content.(interface{ Len() int }); ok {
		req.ContentLength = int64(sized.Len())
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("X-Filename", url.PathEscape(name))
	res, err := a.c.http.Do(req)
	if err != nil {
		return AgentFile{}, fmt.Errorf("tertulia: %s %s: %w", r.method, r.path, withoutURL(err))
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusCreated {
		return AgentFile{}, readAPIError(res)
	}
	var f AgentFile
	if err := json.NewDecoder(res.Body).Decode(&f); err != nil {
		return AgentFile{}, fmt.Errorf("tertulia: decode the answer to %s %s: %w", r.method, r.path, err)
	}
	return f, nil
}

// RemoveFile takes a file away from an agent, and from those that share it. Administrators only.
func (a Agents) RemoveFile(ctx context.Context, agent, file string, opts ...CallOption) error {
	_, err := call[Done](ctx, a.c, request{method: http.MethodDelete, path: filesPath(agent) + "/" + url.PathEscape(file)}, opts)
	return err
}

// ShareFiles has an agent search in another's files; nil gives it files of its own again. Administrators only.
func (a Agents) ShareFiles(ctx context.Context, agent string, with *string, opts ...CallOption) (AgentFileList, error) {
	return call[AgentFileList](ctx, a.c, request{
		method: http.MethodPut, path: filesPath(agent) + "/shared-with", body: ShareFilesRequest{Agent: with},
	}, opts)
}

func filesPath(agent string) string { return "/api/admin/agents/" + url.PathEscape(agent) + "/files" }

package catalog_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// program is what the module's source says about faults.
type program struct {
	codes  map[string]string // code to where it is declared
	faults []madeFault
	named  map[string]string // "package.Constant" to code
}

// madeFault is one call of fault.New or fault.Wrap with a constant kind and code.
type madeFault struct{ where, kind, code string }

// readProgram parses every Go file of the module that is not a test. Packages are told by their name: two packages of
// one name that declare the same constant with different codes would fail the test.
func readProgram(t *testing.T) program {
	t.Helper()
	p := program{codes: map[string]string{}, named: map[string]string{}}
	fset, files := token.NewFileSet(), []*ast.File{}
	root := filepath.Join("..", "..")
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // a file that goes away while others work is no fault of the program
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root && d.Name() != ".." || d.Name() == "testdata" || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir(), !strings.HasSuffix(path, ".go"), strings.HasSuffix(path, "_test.go"):
			return nil
		}
		if file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution); err == nil {
			files = append(files, file) // what does not parse fails the build, not this test
		}
		return nil
	}))
	for _, file := range files {
		p.readCodes(fset, file)
	}
	for _, file := range files {
		if !isVendorAdapter(filepath.ToSlash(fset.Position(file.Pos()).Filename)) {
			p.readFaults(fset, file)
		}
	}
	return p
}

// isVendorAdapter tells the adapters whose faults go to jobs first, where the kind decides over a retry and one code may
// have several.
func isVendorAdapter(path string) bool {
	_, below, ok := strings.Cut(path, "/adapter/")
	layer := filepath.Base(filepath.Dir(below))
	return ok && !strings.HasSuffix(layer, "http") && !strings.HasSuffix(layer, "pg")
}

// readCodes notes the constants of type fault.Code.
func (p *program) readCodes(fset *token.FileSet, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !isCodeType(spec.Type, file.Name.Name) {
			return true
		}
		for i, name := range spec.Names {
			if i < len(spec.Values) {
				if code, ok := literal(spec.Values[i]); ok {
					p.codes[code] = fset.Position(name.Pos()).String()
					p.named[file.Name.Name+"."+name.Name] = code
				}
			}
		}
		return true
	})
}

func isCodeType(e ast.Expr, pkg string) bool {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		return ok && x.Name == "fault" && e.Sel.Name == "Code"
	case *ast.Ident:
		return pkg == "fault" && e.Name == "Code"
	}
	return false
}

// readFaults notes the calls fault.New(fault.Kind, Code) and fault.Wrap(fault.Kind, Code, cause).
func (p *program) readFaults(fset *token.FileSet, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) < 2 {
			return true
		}
		if name := selector(call.Fun); name != "fault.New" && name != "fault.Wrap" {
			return true
		}
		kind, found := strings.CutPrefix(selector(call.Args[0]), "fault.")
		code, ok := p.codeOf(call.Args[1], file.Name.Name)
		if found && ok {
			where := fset.Position(call.Pos()).String()
			p.faults = append(p.faults, madeFault{where: where, kind: strings.ToLower(kind), code: code})
			p.codes[code] = where
		}
		return true
	})
}

// codeOf evaluates a literal or a constant of this or another package; false for a variable.
func (p *program) codeOf(e ast.Expr, pkg string) (string, bool) {
	if code, ok := literal(e); ok {
		return code, true
	}
	name := selector(e)
	if id, ok := e.(*ast.Ident); ok {
		name = pkg + "." + id.Name
	}
	code, ok := p.named[name]
	return code, ok
}

// selector writes pkg.Name, "" for anything else.
func selector(e ast.Expr) string {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := s.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return x.Name + "." + s.Sel.Name
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

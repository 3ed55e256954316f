// Reads a log from a folder with the code of Go's checksum database, which shares nothing with ours.
// Usage: go run go_check.go FOLDER; the folder holds "verifier", "witnesses", "checkpoint", "old-checkpoint" and "tile/…".
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// A witness's key (C2SP tlog-cosignature, Ed25519): a note.Verifier of its own, since Go's knows type 1 only.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(signature), text)
	return ed25519.Verify(w.key, []byte(signed), signature[8:])
}

func newWitness(line string) witness {
	parts := strings.SplitN(line, "+", 3)
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 33 || raw[0] != 4 {
		log.Fatalf("not a key of a witness: %q", line)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
	if fmt.Sprintf("%x", sum[:4]) != parts[1] {
		log.Fatalf("wrong key hash: %q", line)
	}
	return witness{parts[0], binary.BigEndian.Uint32(sum[:]), raw[1:]}
}

// How many of the witnesses listed in the file "witnesses" have cosigned the checkpoint.
func (f folder) cosigned(name string) int {
	var verifiers []note.Verifier
	for _, line := range strings.Fields(string(f.read("witnesses"))) {
		verifiers = append(verifiers, newWitness(line))
	}
	if len(verifiers) == 0 {
		return 0
	}
	opened, err := note.Open(f.read(name), note.VerifierList(verifiers...))
	if err != nil {
		log.Fatal(err)
	}
	return len(opened.Sigs)
}

type folder string

func (f folder) read(name string) []byte {
	data, err := os.ReadFile(filepath.Join(string(f), name))
	if err != nil {
		log.Fatal(err)
	}
	return data
}

// Go names the height in the path of a tile, tlog-tiles fixes it.
func (f folder) Height() int { return height }
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		found = append(found, f.read(strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
	}
	return found, nil
}
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) tree(name string) tlog.Tree {
	verifier, err := note.NewVerifier(strings.TrimSpace(string(f.read("verifier"))))
	if err != nil {
		log.Fatal(err)
	}
	opened, err := note.Open(f.read(name), note.VerifierList(verifier))
	if err != nil {
		log.Fatal(err)
	}
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifier.Name() {
		log.Fatalf("origin %q is not the key name %q", lines[0], verifier.Name())
	}
	var size int64
	if _, err := fmt.Sscan(lines[1], &size); err != nil {
		log.Fatal(err)
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		log.Fatal(err)
	}
	return tlog.Tree{N: size, Hash: root}
}

func (f folder) leaves(size int64) [][]byte {
	var found [][]byte
	for index := int64(0); index*256 < size; index++ {
		name := fmt.Sprintf("tile/entries/%03d", index)
		if width := size - index*256; width < 256 {
			name += fmt.Sprintf(".p/%d", width)
		}
		for bundle := f.read(name); len(bundle) > 0; {
			length := int(binary.BigEndian.Uint16(bundle))
			found = append(found, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
	}
	return found
}

func main() {
	f := folder(os.Args[1])
	tree, old := f.tree("checkpoint"), f.tree("old-checkpoint")
	hashes := tlog.TileHashReader(tree, f)
	leaves := f.leaves(tree.N)
	if int64(len(leaves)) != tree.N {
		log.Fatalf("%d leaves in a tree of %d", len(leaves), tree.N)
	}
	for number, leaf := range leaves {
		proof, err := tlog.ProveRecord(tree.N, int64(number), hashes)
		if err != nil {
			log.Fatal(err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(number), tlog.RecordHash(leaf)); err != nil {
			log.Fatalf("leaf %d: %v", number, err)
		}
	}
	grown, err := tlog.ProveTree(tree.N, old.N, hashes)
	if err != nil {
		log.Fatal(err)
	}
	if err := tlog.CheckTree(grown, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d leaves, consistent since %d, %d cosignatures\n", tree.N, old.N, f.cosigned("checkpoint"))
}

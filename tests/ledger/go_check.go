// Reads a log from a folder with the code of Go's checksum database, which shares nothing with ours.
// Usage: go run go_check.go FOLDER; the folder holds "verifier", "checkpoint", "old-checkpoint" and "tile/…".
package main

import (
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
	fmt.Printf("%d leaves, consistent since %d\n", tree.N, old.N)
}

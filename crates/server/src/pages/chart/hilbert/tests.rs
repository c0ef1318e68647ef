use proptest::prelude::*;

use super::*;

fn scopes() -> impl Strategy<Value = Scope> {
    (any::<u32>(), prop::sample::select(vec![0_u8, 8, 16])).prop_map(|(address, len)| {
        let mask = u32::MAX.checked_shl(32 - u32::from(len)).unwrap_or(0);
        Scope::of(Net::new(address & mask, len).unwrap()).unwrap()
    })
}

/// Ranges that do not overlap.
fn ranges() -> impl Strategy<Value = Vec<(u32, u32)>> {
    prop::collection::btree_set(any::<u32>(), 0..40).prop_map(|ends| {
        let ends: Vec<_> = ends.into_iter().collect();
        ends.chunks_exact(2).map(|ends| (ends[0], ends[1])).collect()
    })
}

#[test]
fn the_curve_goes_to_each_cell_once_and_never_jumps() {
    let mut seen = vec![false; SIDE * SIDE];
    let mut before = None;
    for at in 0..SIDE * SIDE {
        let (x, y) = place(at);
        assert!(!std::mem::replace(&mut seen[y * SIDE + x], true), "{x},{y} twice");
        assert_eq!(number(x, y), at);
        if let Some((a, b)) = before.replace((x, y)) {
            assert_eq!(x.abs_diff(a) + y.abs_diff(b), 1, "a jump before {at}");
        }
    }
}

#[test]
fn only_the_three_sizes_are_shown() {
    let of = |len| Scope::of(Net::new(0x0900_0000, len).unwrap());
    assert!(of(8).is_some() && of(16).is_some());
    assert!(of(9).is_none() && of(24).is_none());
}

proptest! {
    #[test]
    fn a_cell_is_one_prefix_and_the_prefix_that_cell(scope in scopes(), x in 0..SIDE, y in 0..SIDE) {
        let cell = scope.cell(x, y).unwrap();
        prop_assert!(scope.net().covers(cell));
        prop_assert_eq!(cell.len(), scope.net().len() + 16);
        prop_assert_eq!(scope.place(cell.first()), (x, y));
        prop_assert_eq!(scope.place(cell.last()), (x, y));
    }

    #[test]
    fn a_block_holds_its_cells_and_no_other(scope in scopes(), x in 0..SIDE, y in 0..SIDE) {
        let cell = scope.cell(x, y).unwrap();
        prop_assert!(scope.block(x / BLOCK, y / BLOCK).unwrap().covers(cell));
        let other = scope.block((x / BLOCK + 1) % BLOCK, y / BLOCK).unwrap();
        prop_assert!(!other.covers(cell));
    }

    #[test]
    fn what_is_covered_in_the_cells_is_what_the_ranges_cover(scope in scopes(), ranges in ranges()) {
        let map = Map::of(scope, ranges.iter().copied());
        let (begin, end) = (scope.net().first(), scope.net().last());
        let inside = |&(first, last): &(u32, u32)| {
            (u64::from(last.min(end)) + 1).saturating_sub(u64::from(first.max(begin)))
        };
        let expected: u64 = ranges.iter().map(inside).sum();
        prop_assert_eq!(map.covered.iter().map(|&covered| u64::from(covered)).sum::<u64>(), expected);
    }
}

#[test]
fn the_picture_has_a_step_for_each_cell() {
    let scope = Scope::of(Net::new(0, 0).unwrap()).unwrap();
    let (full, one) = (0x0900_0000, 0x0901_0000);
    let map = Map::of(scope, [(full, full + 0xffff), (one, one)]);
    let bytes = map.png().unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let info = reader.info();
    assert_eq!((info.width, info.height, info.color_type), (256, 256, ColorType::Indexed));
    assert_eq!(info.trns.as_ref().unwrap().len(), 256);
    let at = |address| {
        let (x, y) = scope.place(address);
        pixels[y * SIDE + x]
    };
    assert_eq!([at(full), at(one), at(0x0902_0000)], [255, FAINTEST as u8, 0]);
    assert_eq!(pixels.iter().filter(|&&pixel| pixel > 0).count(), 2);
}

#[test]
fn every_block_is_a_link() {
    let links = links(
        Scope::of(Net::new(0, 0).unwrap()).unwrap(),
        |net| format!("/?map={net}"),
        |net| net.to_string(),
    );
    let links = links.as_str();
    assert_eq!(links.matches("<a ").count(), 256);
    assert!(links.contains("href=\"/?map=9.0.0.0/8\" tabindex=\"-1\">"), "{links}");
}

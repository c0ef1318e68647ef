//! Every recipe, made.

use std::collections::BTreeSet;

use formats::Format;

use super::*;
use crate::pages::show::tests::{ENGLISH, KOREAN};

const DEVICE: Device<'_> =
    Device { server: "https://bl.example:2542", feed: "perimeter", user: "FW-3", secret: "s3cr3ts3cr3t" };

fn whole(recipe: &Recipe) -> String {
    recipe.fill(*ENGLISH, DEVICE).iter().map(|piece| piece.text.as_str()).collect()
}

#[test]
fn every_make_has_its_own_recipe_with_the_right_format_address_and_count_of_secrets() {
    for vendor in Vendor::ALL {
        let recipe = of(*vendor);
        assert_eq!(recipe.vendor, *vendor);
        assert!(Format::by_name(recipe.format).is_some(), "{vendor:?}: {}", recipe.format);
        let text = whole(recipe);
        let path = format!("/feeds/perimeter/{}{}", recipe.format, recipe.query);
        assert!(text.contains(&path) && text.contains(DEVICE.server), "{vendor:?}: {text}");
        // What has no recipe of its own is shown every way to send it.
        let secrets = if *vendor == Vendor::Generic { 4 } else { 1 };
        assert_eq!(text.matches(DEVICE.secret).count(), secrets, "{vendor:?}: {text}");
        for place in ["{url}", "{token", "{server}", "{user}", "{secret}"] {
            assert!(!text.contains(place), "{vendor:?}: {place} in {text}");
        }
    }
}

#[test]
fn a_make_with_a_format_of_its_own_name_reads_that_one_and_takes_what_the_format_says() {
    for vendor in Vendor::ALL {
        let recipe = of(*vendor);
        let Some(own) = Format::by_name(vendor.as_str()) else { continue };
        assert_eq!(recipe.format, own.name);
        let limit = own.device_limit.map(|limit| limit.entries);
        assert_eq!(recipe.cap.map(|cap| cap as usize), limit, "{vendor:?}");
    }
}

#[test]
fn who_sends_a_password_sends_its_name_too() {
    for vendor in [Vendor::Fortigate, Vendor::PaloAlto, Vendor::CheckPoint, Vendor::Nftables, Vendor::F5] {
        assert!(whole(of(vendor)).contains("FW-3"), "{vendor:?}");
    }
}

#[test]
fn every_recipe_says_in_both_languages_what_one_has_to_know() {
    let is_hangul = |c: char| ('가'..='힣').contains(&c);
    for vendor in Vendor::ALL {
        let recipe = of(*vendor);
        let (korean, english) = (recipe.notes(*KOREAN), recipe.notes(*ENGLISH));
        assert!(korean.len() >= 3 && korean.len() == english.len(), "{vendor:?}");
        assert!(korean.iter().all(|note| note.contains(is_hangul)), "{vendor:?}");
        assert!(!english.iter().any(|note| note.contains(is_hangul)), "{vendor:?}");
        let titles: BTreeSet<_> = recipe.pieces.iter().map(|piece| piece.title.0).collect();
        assert_eq!(titles.len(), recipe.pieces.len(), "{vendor:?}");
        assert!(recipe.pieces.iter().all(|piece| !piece.title.1.contains(is_hangul)), "{vendor:?}");
    }
}

#[test]
fn what_is_filled_in_is_not_filled_again_and_braces_stay() {
    let places = [("{user}", "{secret}".to_owned()), ("{secret}", "x".to_owned())];
    assert_eq!(fill("a {user} { b } {secret}{", &places), "a {secret} { b } x{");
}

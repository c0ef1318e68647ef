//! A field of a form with its label, what helps to fill it, and what is wrong with it.

use askama::Template;

use super::is_markup;

/// What is typed or chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// A line of this type: `text`, `password`, `number`, `date`, `datetime-local`, `email`, `url`.
    Line(&'static str),
    /// Lines.
    Text,
    /// One of these.
    Choice(Vec<Choice>),
    /// Yes or no; the value is what is sent for yes.
    Tick(bool),
}

/// One of those that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What is sent.
    pub(crate) value: String,
    /// What is shown.
    pub(crate) name: String,
}

/// The field.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/field.html")]
pub(crate) struct Field {
    name: &'static str,
    label: String,
    kind: Kind,
    value: String,
    hint: String,
    wrong: String,
    placeholder: String,
    autocomplete: &'static str,
    is_required: bool,
    is_focused: bool,
}

impl Field {
    fn new(name: &'static str, label: impl Into<String>, kind: Kind) -> Self {
        Self {
            name,
            label: label.into(),
            kind,
            value: String::new(),
            hint: String::new(),
            wrong: String::new(),
            placeholder: String::new(),
            autocomplete: "off",
            is_required: false,
            is_focused: false,
        }
    }

    /// A line of text.
    pub(crate) fn line(name: &'static str, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Line("text"))
    }

    /// A line of another type that HTML knows.
    pub(crate) fn typed(name: &'static str, label: impl Into<String>, kind: &'static str) -> Self {
        Self::new(name, label, Kind::Line(kind))
    }

    /// A secret. It never has a value: what was typed wrongly is typed again.
    pub(crate) fn password(name: &'static str, label: impl Into<String>, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..Self::new(name, label, Kind::Line("password")) }
    }

    /// Lines of text.
    pub(crate) fn text(name: &'static str, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Text)
    }

    /// One of some: what is sent, what is shown.
    pub(crate) fn choice<V: Into<String>, N: Into<String>>(
        name: &'static str,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = (V, N)>,
    ) -> Self {
        let choice = |(value, name): (V, N)| Choice { value: value.into(), name: name.into() };
        Self::new(name, label, Kind::Choice(choices.into_iter().map(choice).collect()))
    }

    /// Yes or no. `on` is sent for yes.
    pub(crate) fn tick(name: &'static str, label: impl Into<String>, is_on: bool) -> Self {
        Self::new(name, label, Kind::Tick(is_on)).value("on")
    }

    /// With what it holds.
    #[must_use]
    pub(crate) fn value(mut self, value: impl Into<String>) -> Self {
        if self.kind != Kind::Line("password") {
            self.value = value.into();
        }
        self
    }

    /// With what helps to fill it.
    #[must_use]
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// With what is wrong with what was sent.
    #[must_use]
    pub(crate) fn wrong(self, wrong: Option<impl Into<String>>) -> Self {
        Self { wrong: wrong.map(Into::into).unwrap_or_default(), ..self }
    }

    /// With an example of what it may hold.
    #[must_use]
    pub(crate) fn example(self, example: impl Into<String>) -> Self {
        Self { placeholder: example.into(), ..self }
    }

    /// With what the browser may fill in.
    #[must_use]
    pub(crate) fn autocomplete(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }

    /// It has to hold something.
    #[must_use]
    pub(crate) fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// The first that is typed into.
    #[must_use]
    pub(crate) fn focused(self) -> Self {
        Self { is_focused: true, ..self }
    }

    /// The ids of hint and fault, for those who hear the field.
    fn described(&self) -> String {
        let part = |text: &str, end| (!text.is_empty()).then(|| format!("{}-{end}", self.name));
        [part(&self.hint, "hint"), part(&self.wrong, "wrong")]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

is_markup!(Field);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_names_its_label_hint_and_fault() {
        let field =
            Field::line("owner", "담당자").value("a\"b").hint("이름").wrong(Some("비어 있습니다")).required();
        let field = field.to_string();
        for part in [
            r#"<label for="owner">"#,
            r#"id="owner" name="owner" value="a&#34;b""#,
            r#"aria-describedby="owner-hint owner-wrong" aria-invalid="true" required"#,
            r#"id="owner-wrong">비어 있습니다"#,
        ] {
            assert!(field.contains(part), "{part} in {field}");
        }
    }

    #[test]
    fn a_secret_is_never_sent_back() {
        let field = Field::password("password", "비밀번호", "current-password").value("hunter2").to_string();
        assert!(!field.contains("hunter2"), "{field}");
    }

    #[test]
    fn what_was_chosen_stays_chosen() {
        let field = Field::choice("role", "권한", [("viewer", "조회자"), ("admin", "관리자")]).value("admin");
        let field = field.to_string();
        assert!(field.contains(r#"<option value="admin" selected>관리자"#), "{field}");
        assert!(field.contains(r#"<option value="viewer">조회자"#), "{field}");
        assert!(Field::tick("on", "사용", true).to_string().contains("checked"));
        assert!(!Field::tick("on", "사용", false).to_string().contains("checked"));
    }
}

//! The numbers of lines where some are the shadow's alone: those stand among the run's own
//! in the order of the input, and all that follow are numbered anew.

use super::lane::{Over, Scope};

/// The numbers of the shadow's lines.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// Of each line that is the shadow's alone: the run's own line behind it, and its place
    /// among the lines that lie over the run's.
    alone: Vec<(u32, u32)>,
}

/// A line by what it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Which {
    /// The run's own line of this number.
    Own(u32),
    /// The shadow's alone, by its place among the lines that lie over the run's.
    Alone(u32),
}

impl Numbers {
    pub(super) fn new(over: &[Over]) -> Self {
        let alone = (0..).zip(over).filter(|(_, one)| one.scope == Scope::ShadowAlone);
        Self { alone: alone.map(|(place, one)| (one.own, place)).collect() }
    }

    pub(super) fn has_alone(&self) -> bool {
        !self.alone.is_empty()
    }

    /// The number of the run's own line.
    pub(super) fn of_own(&self, own: u32) -> u32 {
        own + count(self.alone.partition_point(|(behind, _)| *behind <= own))
    }

    /// The number of a line that lies over the run's, by its place.
    pub(super) fn of_over(&self, place: u32, over: Over) -> u32 {
        match over.scope {
            Scope::ShadowAlone => over.own + count(self.alone.partition_point(|(_, known)| *known < place)),
            Scope::Both | Scope::RunAlone => self.of_own(over.own),
        }
    }

    /// The line of a number.
    pub(super) fn which(&self, number: u32) -> Which {
        // The first of them whose number is that or a later one.
        let (mut low, mut high) = (0, self.alone.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let later = self.alone.get(middle).is_some_and(|(own, _)| own + count(middle) >= number);
            if later { high = middle } else { low = middle + 1 }
        }
        match self.alone.get(low) {
            Some((own, place)) if own + count(low) == number => Which::Alone(*place),
            _ => Which::Own(number - count(low)),
        }
    }
}

/// There are fewer lines than numbers.
fn count(lines: usize) -> u32 {
    u32::try_from(lines).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_number_of_its_own_in_the_order_of_the_input() {
        let over = [
            (0, Scope::ShadowAlone),
            (1, Scope::Both),
            (3, Scope::ShadowAlone),
            (3, Scope::ShadowAlone),
            (3, Scope::RunAlone),
            (5, Scope::ShadowAlone),
        ]
        .map(|(own, scope)| Over { own, scope });
        let numbers = Numbers::new(&over);
        assert_eq!((0..5).map(|own| numbers.of_own(own)).collect::<Vec<_>>(), [1, 2, 3, 6, 7]);
        let placed: Vec<_> = (0..).zip(over).map(|(place, one)| numbers.of_over(place, one)).collect();
        assert_eq!(placed, [0, 2, 4, 5, 6, 8]);
        for own in 0..5 {
            assert_eq!(numbers.which(numbers.of_own(own)), Which::Own(own));
        }
        for place in [0, 2, 3, 5] {
            assert_eq!(numbers.which(placed[place as usize]), Which::Alone(place));
        }
    }
}
